package boiler

import "slices"

// How a change of template is told.
const (
	// recent is how many of the last pages must all miss what was usual before.
	recent = 10
	// usualPercent is the share of the earlier pages that a usual block stood on.
	usualPercent = 60
)

// changed reports whether the last pages have none of the blocks that were usual
// before them, which is how a new template shows.
func (h *Host) changed() bool {
	old := len(h.pages) - recent
	if old < recent {
		return false
	}
	late := map[uint64]int{}
	for _, p := range h.pages[old:] {
		for _, b := range p.blocks {
			late[b]++
		}
	}
	for b, n := range late {
		if isUsual(h.counts[b]-n, old) {
			return false
		}
	}
	for b, n := range h.counts {
		if isUsual(n-late[b], old) {
			return true
		}
	}
	return false
}

func isUsual(count, pages int) bool { return 100*count >= usualPercent*pages }

// restart forgets all but the last pages.
func (h *Host) restart() {
	h.pages = slices.Clone(h.pages[len(h.pages)-recent:])
	h.recount()
}
