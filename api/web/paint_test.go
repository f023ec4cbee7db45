package web_test

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp"
)

// BenchmarkFirstPaint reports the first contentful paint of a page of results in
// milliseconds, with the processor slowed down four times.
func BenchmarkFirstPaint(b *testing.B) {
	const slower = 4
	tab := open(b, newWorld(b, append(press(), many(60)...)...))
	tab.run(chromedp.ActionFunc(func(ctx context.Context) error {
		return chromedp.FromContext(ctx).Target.Execute(ctx, "Emulation.setCPUThrottlingRate", map[string]any{"rate": slower}, nil)
	}))
	total := 0.0
	for b.Loop() {
		tab.visit(search("q", "storm"))
		tab.until(`performance.getEntriesByName("first-contentful-paint").length > 0`)
		var ms float64
		tab.run(chromedp.Evaluate(`performance.getEntriesByName("first-contentful-paint")[0].startTime`, &ms), chromedp.Navigate("about:blank"))
		total += ms
	}
	b.ReportMetric(total/float64(b.N), "ms/paint")
}
