package feed

// stamp is a date that several elements may state; of equal rank the last wins,
// as a corrected date follows the one it corrects.
type stamp struct {
	date date
	raw  string
	rank int
}

func (s *stamp) offer(rank int, raw string) {
	if raw == "" || rank < s.rank {
		return
	}
	raw = cut(raw, maxDate)
	d, ok := parseDate(raw)
	if !ok && !s.date.time.IsZero() {
		return
	}
	*s = stamp{d, raw, rank}
}

// offsetOf returns the zone of the first of several dates that states one, in
// seconds east of UTC.
func offsetOf(stamps ...stamp) int {
	for _, s := range stamps {
		if s.date.hasZone {
			return s.date.offset
		}
	}
	return 0
}

// setDates dates an item. A date that states no zone is in the feed's, offset
// seconds east of UTC.
func (i *Item) setDates(published, updated stamp, offset int) {
	i.Published, i.Updated = published.date.in(offset), updated.date.in(offset)
	i.DateRaw = firstNonEmpty(published.raw, updated.raw)
	stated := published.date
	if stated.time.IsZero() {
		stated = updated.date
	}
	i.DateOnly = !stated.time.IsZero() && !stated.hasClock
	i.ZoneGuessed = stated.hasClock && !stated.hasZone
}
