package feed

import (
	"slices"
	"strings"
	"time"
)

// maxTTL bounds how long a feed may ask its readers to stay away.
const maxTTL = 365 * 24 * time.Hour

// readSchedule takes what a channel says about when to poll it.
func (f *Feed) readSchedule(channel *node) {
	var period time.Duration
	frequency := 1
	for _, n := range channel.kids {
		switch {
		case n.is(nsNative, "ttl"):
			f.TTL = max(f.TTL, minutes(n.plain()))
		case n.is(nsNative, "skiphours"):
			f.SkipHours = skipHours(n)
		case n.is(nsNative, "skipdays"):
			f.SkipDays = skipDays(n)
		case n.is(nsSY, "updateperiod"):
			period = periodNamed(n.plain())
		case n.is(nsSY, "updatefrequency"):
			frequency = max(1, atoi(n.plain()))
		}
	}
	f.TTL = max(f.TTL, period/time.Duration(frequency))
}

// minutes returns the duration of a number of minutes, 0 for what is none.
func minutes(s string) time.Duration {
	n := atoi(strings.TrimSpace(s))
	if n <= 0 || n > int(maxTTL/time.Minute) {
		return 0
	}
	return time.Duration(n) * time.Minute
}

// periodNamed returns the length of an sy:updatePeriod.
func periodNamed(name string) time.Duration {
	const day = 24 * time.Hour
	switch strings.ToLower(name) {
	case "hourly":
		return time.Hour
	case "daily":
		return day
	case "weekly":
		return 7 * day
	case "monthly":
		return 30 * day
	case "yearly":
		return 365 * day
	}
	return 0
}

// skipHours returns the hours named, 24 being midnight as in RSS 0.91.
func skipHours(n *node) []int {
	var hours []int
	for _, k := range n.kids {
		text := k.plain()
		if !k.is(nsNative, "hour") || text == "" || strings.Trim(text, "0123456789") != "" {
			continue
		}
		if hour := atoi(text) % 24; atoi(text) <= 24 && !slices.Contains(hours, hour) {
			hours = append(hours, hour)
		}
	}
	slices.Sort(hours)
	return hours
}

func skipDays(n *node) []time.Weekday {
	var days []time.Weekday
	for _, k := range n.kids {
		if !k.is(nsNative, "day") {
			continue
		}
		for day := time.Sunday; day <= time.Saturday; day++ {
			if strings.EqualFold(day.String(), k.plain()) && !slices.Contains(days, day) {
				days = append(days, day)
			}
		}
	}
	slices.Sort(days)
	return days
}
