package web

import (
	"fmt"
	"time"

	"broadsheet.example/news"
)

// The histogram's box in its own units.
const (
	chartWidth  = 300.0
	chartHeight = 60.0
	barGap      = 1.0
)

// histogram is the date facet drawn as bars, each a link to its span.
type histogram struct {
	Bars       []bar
	First, End string // what stands below the ends of the axis
	Label      string // the whole in words, for who cannot see it
	Width      float64
	Height     float64
}

type bar struct {
	X, Y, Width, Height float64
	Href, Title         string
}

// newHistogram draws the facet; nil when there is nothing to draw.
func newHistogram(f news.Facet, link linker, zone *time.Location) *histogram {
	if len(f.Buckets) == 0 {
		return nil
	}
	most := 0
	for _, b := range f.Buckets {
		most = max(most, b.Count)
	}
	if most == 0 {
		return nil
	}
	h := &histogram{Width: chartWidth, Height: chartHeight}
	step := chartWidth / float64(len(f.Buckets))
	for i, b := range f.Buckets {
		if b.Count == 0 {
			continue
		}
		height := max(2, chartHeight*float64(b.Count)/float64(most))
		h.Bars = append(h.Bars, bar{
			X: step * float64(i), Y: chartHeight - height, Width: max(step-barGap, 0.5), Height: height,
			Href:  link.between(b.From.UTC().Format(time.RFC3339), b.To.UTC().Format(time.RFC3339)),
			Title: fmt.Sprintf("%s: %s", span(b.From.In(zone), f.Interval), count(b.Count, "article")),
		})
	}
	last := f.Buckets[len(f.Buckets)-1]
	h.First, h.End = span(f.Buckets[0].From.In(zone), f.Interval), span(last.From.In(zone), f.Interval)
	h.Label = fmt.Sprintf("Articles by %s, from %s to %s", f.Interval, h.First, h.End)
	return h
}

// span names the bucket that begins at t.
func span(t time.Time, i news.Interval) string {
	switch i {
	case news.IntervalHour:
		return t.Format("2 Jan, 15:04")
	case news.IntervalMonth:
		return t.Format("Jan 2006")
	case news.IntervalYear:
		return t.Format("2006")
	default:
		return t.Format("2 Jan 2006")
	}
}
