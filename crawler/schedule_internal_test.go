package crawler

import (
	"testing"
	"time"

	"broadsheet.example/crawler/feed"
	"broadsheet.example/news"
)

func TestPace(t *testing.T) {
	p := pace{usual: 15 * time.Minute, longest: 24 * time.Hour}
	tests := []struct {
		name      string
		got, want time.Duration
	}{
		{"first failure", p.afterFailure(1), 15 * time.Minute},
		{"third failure", p.afterFailure(3), time.Hour},
		{"many failures", p.afterFailure(20), 24 * time.Hour},
		{"dead", p.afterFailure(30), 7 * 24 * time.Hour},
		{"page once", pageBackoff(1, 0), time.Minute},
		{"page thrice", pageBackoff(3, 0), 16 * time.Minute},
		{"page asked to wait", pageBackoff(1, time.Hour), time.Hour},
		{"floor", p.floor(), 10 * time.Minute},
		{"floor of the impatient", pace{usual: time.Minute, longest: time.Hour}.floor(), time.Minute},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, tt.got, tt.want)
		}
	}
}

func TestAfterSuccessKeepsWhatIsAsked(t *testing.T) {
	p := pace{usual: 15 * time.Minute, longest: 24 * time.Hour}
	tests := []struct {
		name          string
		every, least  time.Duration
		lowest, above time.Duration
	}{
		{"usual", 15 * time.Minute, 0, 13*time.Minute + 30*time.Second, 16*time.Minute + 30*time.Second},
		{"never below the floor", 10 * time.Minute, 0, 10 * time.Minute, 11 * time.Minute},
		{"asked for less", 15 * time.Minute, time.Minute, 13*time.Minute + 30*time.Second, 16*time.Minute + 30*time.Second},
		{"asked for more", 10 * time.Minute, 2 * time.Hour, 2 * time.Hour, 132 * time.Minute},
		{"asked for too much", 10 * time.Minute, 99999999 * time.Second, 24 * time.Hour, 24 * time.Hour},
	}
	for _, tt := range tests {
		for range 300 {
			if d := p.afterSuccess(tt.every, tt.least); d < tt.lowest || d > tt.above {
				t.Fatalf("%s: %v, want %v to %v", tt.name, d, tt.lowest, tt.above)
			}
		}
	}
}

func TestAdapt(t *testing.T) {
	p := pace{usual: 15 * time.Minute, longest: 24 * time.Hour}
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		name  string
		m     memory
		fresh bool
		want  time.Duration
	}{
		{"fifty a day", memory{Gap: 29 * time.Minute, Newest: now.Add(-20 * time.Minute)}, true, 10 * time.Minute},
		{"four a day", memory{Gap: 6 * time.Hour, Newest: now.Add(-time.Hour), Every: 90 * time.Minute}, true, 2 * time.Hour},
		{"grows to the double at most", memory{Gap: 24 * time.Hour, Newest: now.Add(-time.Hour)}, true, 30 * time.Minute},
		{"shrinks at once", memory{Gap: 20 * time.Minute, Newest: now, Every: 24 * time.Hour}, true, 10 * time.Minute},
		{"quiet for a night", memory{Gap: 30 * time.Minute, Newest: now.Add(-8 * time.Hour), Every: 30 * time.Minute}, false, 40 * time.Minute},
		{"quiet for a month", memory{Gap: time.Hour, Newest: now.AddDate(0, 0, -30), Every: 20 * time.Hour}, false, 24 * time.Hour},
		{"undated and new", memory{Every: time.Hour}, true, 30 * time.Minute},
		{"undated and not", memory{Every: time.Hour}, false, 90 * time.Minute},
	}
	for _, tt := range tests {
		if got := p.adapt(tt.m, now, tt.fresh); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestQuietFeedGrowsToADay(t *testing.T) {
	p := pace{usual: 15 * time.Minute, longest: 24 * time.Hour}
	start := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	m := memory{Gap: 29 * time.Minute, Newest: start}
	now, polls := start, 0
	for now.Sub(start) < 30*24*time.Hour {
		before := m.Every
		if m.Every = p.adapt(m, now, false); before > 0 && m.Every > 2*before {
			t.Fatalf("from %v to %v in one step", before, m.Every)
		}
		now = now.Add(m.Every)
		polls++
	}
	if m.Every != 24*time.Hour {
		t.Errorf("after 30 quiet days every %v, want a day", m.Every)
	}
	if polls > 250 {
		t.Errorf("%d polls of a feed that has fallen silent", polls)
	}
}

func TestLeast(t *testing.T) {
	tests := []struct {
		name       string
		m          memory
		maxAge     time.Duration
		validators bool
		want       time.Duration
	}{
		{"validators", memory{}, 0, true, 0},
		{"the longest of what is asked", memory{Asked: time.Hour}, 2 * time.Hour, true, 2 * time.Hour},
		{"the feed asks for more", memory{Asked: 3 * time.Hour}, 2 * time.Hour, true, 3 * time.Hour},
		{"no validators", memory{}, 0, false, 6 * time.Hour},
		{"no validators, large", memory{Large: true}, 0, false, 24 * time.Hour},
		{"no validators, but a word on age", memory{Large: true}, 20 * time.Minute, false, 20 * time.Minute},
	}
	for _, tt := range tests {
		if got := tt.m.least(tt.maxAge, tt.validators); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestOpen(t *testing.T) {
	thursday := time.Date(2026, 11, 26, 22, 40, 0, 0, time.UTC)
	every := make([]int, 24)
	for i := range every {
		every[i] = i
	}
	tests := []struct {
		name string
		m    memory
		want time.Time
	}{
		{"always", memory{}, thursday},
		{"not this hour", memory{SkipHours: []int{22}}, time.Date(2026, 11, 26, 23, 0, 0, 0, time.UTC)},
		{"over midnight", memory{SkipHours: []int{22, 23, 0, 1}}, time.Date(2026, 11, 27, 2, 0, 0, 0, time.UTC)},
		{"not that day", memory{SkipDays: []time.Weekday{time.Thursday, time.Friday}}, time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)},
		{"never", memory{SkipHours: every}, thursday},
	}
	for _, tt := range tests {
		if got := tt.m.open(thursday); !got.Equal(tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestRecheck(t *testing.T) {
	seen := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct{ age, from, to time.Duration }{
		{0, time.Hour, 66 * time.Minute},
		{2 * time.Hour, 6 * time.Hour, 7 * time.Hour},
		{7 * time.Hour, 24 * time.Hour, 26 * time.Hour},
		{30 * time.Hour, 7 * 24 * time.Hour, 8 * 24 * time.Hour},
	} {
		if got := recheck(seen, seen.Add(tt.age)).Sub(seen); got < tt.from || got > tt.to {
			t.Errorf("at the age of %v: again at %v, want %v to %v", tt.age, got, tt.from, tt.to)
		}
	}
	if got := recheck(seen, seen.Add(8*24*time.Hour)); !got.IsZero() {
		t.Errorf("after a week: again at %v, want never", got)
	}
}

func TestRhythm(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	every := func(d time.Duration, n int, from time.Duration) []feed.Item {
		var items []feed.Item
		for i := range n {
			items = append(items, feed.Item{Published: now.Add(-from - time.Duration(i)*d)})
		}
		return items
	}
	tests := []struct {
		name   string
		items  []feed.Item
		gap    time.Duration
		newest time.Duration // before now; -1 for none
	}{
		{"none", nil, 0, -1},
		{"undated", []feed.Item{{}, {}}, 0, -1},
		{"future only", []feed.Item{{Published: now.Add(time.Hour)}}, 0, -1},
		{"hourly", every(time.Hour, 20, time.Hour), time.Hour, time.Hour},
		{"updates count where publications are missing", []feed.Item{{Updated: now.Add(-2 * time.Hour)}}, 2 * time.Hour, 2 * time.Hour},
		{"an archive behind a busy week", append(every(time.Hour, 10, time.Hour), every(24*time.Hour, 50, 30*24*time.Hour)...), time.Hour, time.Hour},
		{"an archive alone", every(24*time.Hour, 50, 30*24*time.Hour), 30 * 24 * time.Hour, 30 * 24 * time.Hour},
		{"fallen silent", every(time.Minute, 10, 10*time.Hour), 10*time.Hour/10 + 54*time.Second, 10 * time.Hour},
	}
	for _, tt := range tests {
		gap, newest := rhythm(tt.items, now)
		if gap != tt.gap || newest.IsZero() != (tt.newest < 0) || tt.newest >= 0 && now.Sub(newest) != tt.newest {
			t.Errorf("%s: gap %v, newest %v; want %v and %v ago", tt.name, gap, newest, tt.gap, tt.newest)
		}
	}
}

func TestGovernorSpreadsFirstPolls(t *testing.T) {
	const total, interval = 100_000, 10 * time.Minute
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	var g governor
	perSecond := map[int64]int{}
	left := total
	start := now
	for left > 0 {
		n := g.allow(now, min(left, 32), total, interval)
		g.spend(n)
		left -= n
		perSecond[now.Unix()] += n
		now = now.Add(7 * time.Millisecond)
	}
	took, peak := now.Sub(start), 0
	for _, n := range perSecond {
		peak = max(peak, n)
	}
	mean := total / took.Seconds()
	if float64(peak) > 1.2*mean || took < 9*time.Minute || took > 11*time.Minute {
		t.Errorf("peak %d a second at a mean of %.0f, all in %v; want at most 1.2 times the mean, spread over %v", peak, mean, took, interval)
	}
	if few := new(governor); few.allow(now, 32, 30, interval) != 4 {
		t.Errorf("a small list must start at once")
	}
}

func TestDrift(t *testing.T) {
	start := time.Now()
	at := func(wall, mono time.Duration) (time.Time, time.Time) { return start.Add(wall), start.Add(mono) }
	var d drift
	steps := []struct {
		name       string
		wall, mono time.Duration
		want       time.Duration
	}{
		{"first look", 0, 0, 0},
		{"time goes by", time.Hour, time.Hour, 0},
		{"a little off", time.Hour + 30*time.Second, time.Hour, 0},
		{"a day ahead", 25*time.Hour + 30*time.Second, time.Hour, 24 * time.Hour},
		{"goes on from there", 26*time.Hour + 30*time.Second, 2 * time.Hour, 0},
		{"a day back", 3*time.Hour + 30*time.Second, 3 * time.Hour, -24 * time.Hour},
		{"no time at all", 24 * 365 * time.Hour, 3 * time.Hour, 0},
	}
	for _, s := range steps {
		if got := d.step(at(s.wall, s.mono)); got != s.want {
			t.Errorf("%s: %v, want %v", s.name, got, s.want)
		}
	}
}

func TestJitterStaysWithinATenth(t *testing.T) {
	for range 1000 {
		if d := jitter(time.Hour); d < 54*time.Minute || d > 66*time.Minute {
			t.Fatalf("jitter(1h) = %v", d)
		}
	}
	if jitter(0) != 0 {
		t.Error("jitter of nothing is something")
	}
}

func TestHealth(t *testing.T) {
	tests := []struct {
		failures int
		blocked  bool
		want     news.FeedHealth
	}{
		{0, false, news.HealthOK}, {1, false, news.HealthFailing}, {1, true, news.HealthBlocked}, {30, true, news.HealthDead},
	}
	for _, tt := range tests {
		if got := health(tt.failures, tt.blocked); got != tt.want {
			t.Errorf("health(%d, %v) = %q, want %q", tt.failures, tt.blocked, got, tt.want)
		}
	}
}
