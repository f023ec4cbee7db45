package crawler

import (
	"testing"
	"time"

	"broadsheet.example/news"
)

func TestPace(t *testing.T) {
	p := pace{usual: 15 * time.Minute, longest: 24 * time.Hour}
	tests := []struct {
		name      string
		got, want time.Duration
	}{
		{"usual", p.afterSuccess(), 15 * time.Minute},
		{"feed asks for less", p.afterSuccess(time.Minute), 15 * time.Minute},
		{"feed asks for more", p.afterSuccess(0, 2*time.Hour, time.Hour), 2 * time.Hour},
		{"feed asks for too much", p.afterSuccess(99 * 24 * time.Hour), 24 * time.Hour},
		{"first failure", p.afterFailure(1, 0), 15 * time.Minute},
		{"third failure", p.afterFailure(3, 0), time.Hour},
		{"many failures", p.afterFailure(20, 0), 24 * time.Hour},
		{"dead", p.afterFailure(30, 0), 7 * 24 * time.Hour},
		{"retry after", p.afterFailure(1, 3*24*time.Hour), 3 * 24 * time.Hour},
		{"retry after too much", p.afterFailure(1, 90*24*time.Hour), 7 * 24 * time.Hour},
		{"page once", pageBackoff(1, 0), time.Minute},
		{"page thrice", pageBackoff(3, 0), 16 * time.Minute},
		{"page asked to wait", pageBackoff(1, time.Hour), time.Hour},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, tt.got, tt.want)
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

func TestChooseLanguage(t *testing.T) {
	const (
		english = "The council said on Tuesday that the harbour wall would be raised by two metres before the winter storms arrive, after years of argument about who should pay for it."
		spanish = "El ayuntamiento anunció el martes que el muro del puerto se elevará dos metros antes de que lleguen las tormentas de invierno, tras años de discusión sobre quién debe pagarlo."
	)
	tests := []struct {
		name, text string
		hints      []string
		want       string
	}{
		{"page says", english, []string{"en-GB", ""}, "en"},
		{"feed says", english, []string{"", "EN_us"}, "en"},
		{"nobody says", spanish, nil, "es"},
		{"page is wrong", spanish + " " + spanish + " " + spanish, []string{"en"}, "es"},
		{"short text keeps the hint", "Gol!", []string{"pt"}, "pt"},
		{"nothing known", "", nil, ""},
		{"nonsense hint", english, []string{"english"}, "en"},
	}
	for _, tt := range tests {
		if got := chooseLanguage(tt.text, tt.hints...); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
