package index

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// BenchmarkFeedback reports what queries of three to eight words cost in CPU with
// feedback, and without it: as alternatives, which match the same articles.
func BenchmarkFeedback(b *testing.B) {
	e, p := benchEngine(), newPress(benchSize())
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for words := 3; words <= 8; words += 5 {
		for _, mode := range []struct {
			name string
			expr func(parts []query.Node) query.Node
		}{
			{"without", func(parts []query.Node) query.Node { return query.Or{Parts: parts} }},
			{"with", func(parts []query.Node) query.Node { return query.All{Parts: parts} }},
		} {
			b.Run(fmt.Sprintf("words=%d/%s", words, mode.name), func(b *testing.B) {
				r := rand.New(rand.NewPCG(5, 5))
				var took []float64
				for b.Loop() {
					parts := make([]query.Node, words)
					for i := range parts {
						parts[i] = query.Word{Text: drawWord(p, r)}
					}
					before := cpuTime()
					if _, err := e.Search(benchContext, news.Query{Expr: mode.expr(parts), Size: 10, Now: now}); err != nil {
						b.Fatal(err)
					}
					took = append(took, float64((cpuTime()-before).Microseconds())/1000)
				}
				slices.Sort(took)
				b.ReportMetric(took[len(took)/2], "p50-cpu-ms")
				b.ReportMetric(took[len(took)*99/100], "p99-cpu-ms")
			})
		}
	}
}
