package web

import (
	"fmt"
	"strings"
	"time"

	"broadsheet.example/api/param"
	"broadsheet.example/news"
)

// The histogram's box in its own units.
const (
	chartWidth  = 300.0
	chartHeight = 60.0
	barGap      = 1.0
	leastBar    = 2.0 // so that one article among thousands can be seen
)

// histogram is the date facet drawn as bars, each a link to its span.
type histogram struct {
	Bars       []bar
	First, End string // what stands below the ends of the axis
	Most       string // the height of the highest bar
	Label      string // the whole in words, for who cannot see it
	Width      float64
	Height     float64
	// From and To are the bounds of every bucket in order, for a script that lets
	// people choose several.
	From, To string
}

type bar struct {
	X, Y, Width, Height float64
	Href, Title         string
}

// newHistogram draws the facet; nil when there is nothing to draw.
func newHistogram(f news.Facet, link linker, zone *time.Location) *histogram {
	most := 0
	for _, b := range f.Buckets {
		most = max(most, b.Count)
	}
	if most == 0 {
		return nil
	}
	h := &histogram{Width: chartWidth, Height: chartHeight, Most: group(most)}
	step := chartWidth / float64(len(f.Buckets))
	froms, tos := make([]string, len(f.Buckets)), make([]string, len(f.Buckets))
	for i, b := range f.Buckets {
		froms[i], tos[i] = bounds(b, f.Interval, zone)
		if b.Count == 0 {
			continue
		}
		height := max(leastBar, chartHeight*float64(b.Count)/float64(most))
		h.Bars = append(h.Bars, bar{
			X: round(step * float64(i)), Y: round(chartHeight - height), Width: round(max(step-barGap, step/2)), Height: round(height),
			Href:  link.with(param.From, froms[i], param.To, tos[i]),
			Title: span(b.From.In(zone), f.Interval) + ": " + count(b.Count, "article"),
		})
	}
	h.From, h.To = strings.Join(froms, " "), strings.Join(tos, " ")
	last := f.Buckets[len(f.Buckets)-1]
	h.First, h.End = span(f.Buckets[0].From.In(zone), f.Interval), span(last.From.In(zone), f.Interval)
	h.Label = fmt.Sprintf("Articles by %s, from %s to %s, at most %s", f.Interval, h.First, h.End, h.Most)
	return h
}

// round keeps two digits behind the point: finer than any screen.
func round(x float64) float64 { return float64(int(x*100+0.5)) / 100 }

// bounds are the parameters that span the bucket: days, of which the last one is
// meant to its end, or instants.
func bounds(b news.Bucket, i news.Interval, zone *time.Location) (from, to string) {
	if i == news.IntervalHour {
		return b.From.UTC().Format(time.RFC3339), b.To.UTC().Format(time.RFC3339)
	}
	return b.From.In(zone).Format(time.DateOnly), b.To.In(zone).Add(-time.Nanosecond).Format(time.DateOnly)
}

// span names the bucket that begins at t.
func span(t time.Time, i news.Interval) string {
	switch i {
	case news.IntervalHour:
		return t.Format("2 Jan, 15:04")
	case news.IntervalWeek:
		return "week of " + t.Format("2 Jan 2006")
	case news.IntervalMonth:
		return t.Format("Jan 2006")
	case news.IntervalYear:
		return t.Format("2006")
	default:
		return t.Format("2 Jan 2006")
	}
}
