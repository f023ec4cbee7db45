package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// compare asks the questions of all rows and prints the table.
func compare(ctx context.Context, peers []peer, table []row, out io.Writer) error {
	fmt.Fprintf(out, "| CPU ms, p50 |")
	for _, p := range peers {
		fmt.Fprintf(out, " %s |", p.name())
	}
	fmt.Fprintf(out, " p99 | times as fast | asked | answers agree |\n|---|%s---|---|---|---|\n", strings.Repeat("---|", len(peers)))
	for _, r := range table {
		if err := compareRow(ctx, peers, r, out); err != nil {
			return err
		}
	}
	return nil
}

// result is what one peer made of a row.
type result struct {
	name    string
	took    times
	answers []answer
}

func compareRow(ctx context.Context, peers []peer, r row, out io.Writer) error {
	results := make([]result, len(peers))
	for i, p := range peers {
		if i > 0 && !slices.Contains(r.against, p.name()) {
			continue
		}
		took, answers, err := measure(ctx, p, r)
		if err != nil {
			return err
		}
		results[i] = result{p.name(), took, answers}
	}
	fmt.Fprintf(out, "| %s |", r.name)
	for _, p := range results {
		if p.took == nil {
			fmt.Fprintf(out, " |")
			continue
		}
		fmt.Fprintf(out, " %s |", millis(p.took.percentile(50)))
	}
	own := results[0]
	var faster, asked, same []string
	for _, p := range results[1:] {
		if p.took == nil {
			continue
		}
		ratio := float64(p.took.percentile(50)) / float64(own.took.percentile(50))
		faster = append(faster, fmt.Sprintf("%.1f", ratio))
		same = append(same, agreeing(r, own, p))
		if want := r.asked[p.name]; want > 0 {
			asked = append(asked, fmt.Sprintf("%s %g", p.name, want))
		}
	}
	_, err := fmt.Fprintf(out, " %s | %s | %s | %s |\n", millis(own.took.percentile(99)), strings.Join(faster, ", "), strings.Join(asked, ", "), strings.Join(same, ", "))
	return err
}

// agreeing says to how many of the questions both answered the same.
func agreeing(r row, a, b result) string {
	n := 0
	for i, q := range r.questions {
		if q.kind == near && b.name == bleveName {
			return "-" // it was asked something else
		}
		if agree(a.answers[i], b.answers[i], q.order == newest) {
			n++
		}
	}
	return fmt.Sprintf("%d/%d", n, len(r.questions))
}

func millis(d time.Duration) string { return fmt.Sprintf("%.3g", float64(d.Nanoseconds())/1e6) }
