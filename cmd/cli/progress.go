package cli

import (
	"time"

	"github.com/schollz/progressbar/v3"
)

// progress is a bar on standard error, or nothing where that is no terminal.
type progress struct{ bar *progressbar.ProgressBar }

// progress starts a bar to total; 0 or less means the end is not known.
func (a *app) progress(total int64, what string, bytes bool) *progress {
	if !isTerminal(a.errs) {
		return &progress{}
	}
	if total <= 0 {
		total = -1
	}
	return &progress{progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(a.errs), progressbar.OptionSetDescription(what), progressbar.OptionShowBytes(bytes),
		progressbar.OptionShowCount(), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionSetPredictTime(true),
		progressbar.OptionClearOnFinish(),
	)}
}

// Set moves the bar to n. A display that cannot be drawn is no reason to stop.
func (p *progress) Set(n int64) {
	if p.bar != nil {
		_ = p.bar.Set64(n)
	}
}

// Total sets where the bar ends.
func (p *progress) Total(n int64) {
	if p.bar != nil {
		p.bar.ChangeMax64(max(n, 1))
	}
}

// Close removes the bar.
func (p *progress) Close() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
