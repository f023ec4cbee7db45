package query_test

import (
	"testing"
	"time"

	"broadsheet.example/news/query"
)

func TestDatesResolve(t *testing.T) {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Skip("no time zone data:", err)
	}
	now := time.Date(2024, 8, 31, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		name     string
		dates    query.Dates
		zone     *time.Location
		from, to string // RFC 3339; empty means open
	}{
		{name: "day", dates: query.Dates{From: "2024-04-18", Through: "2024-04-18"}, from: "2024-04-18T00:00:00Z", to: "2024-04-19T00:00:00Z"},
		{name: "day in a zone", dates: query.Dates{From: "2024-04-18", Through: "2024-04-18"}, zone: newYork, from: "2024-04-18T00:00:00-04:00", to: "2024-04-19T00:00:00-04:00"},
		{name: "day of 23 hours", dates: query.Dates{From: "2024-03-10", Through: "2024-03-10"}, zone: newYork, from: "2024-03-10T00:00:00-05:00", to: "2024-03-11T00:00:00-04:00"},
		{name: "months", dates: query.Dates{From: "2024-01", Through: "2024-02"}, from: "2024-01-01T00:00:00Z", to: "2024-03-01T00:00:00Z"},
		{name: "year", dates: query.Dates{From: "2023", Through: "2023"}, from: "2023-01-01T00:00:00Z", to: "2024-01-01T00:00:00Z"},
		{name: "after", dates: query.Dates{From: "2024-04-18"}, from: "2024-04-18T00:00:00Z"},
		{name: "before", dates: query.Dates{Before: "2024-04-18"}, to: "2024-04-18T00:00:00Z"},
		{name: "through", dates: query.Dates{Through: "2024-04-18T10:00:00Z"}, to: "2024-04-18T10:00:01Z"},
		{name: "exclusive", dates: query.Dates{From: "2024", Before: "2024-03"}, from: "2024-01-01T00:00:00Z", to: "2024-03-01T00:00:00Z"},
		{name: "hours", dates: query.Dates{From: "24h"}, from: "2024-08-30T12:00:00Z"},
		{name: "days across a clock change", dates: query.Dates{From: "200d"}, zone: newYork, from: "2024-02-13T08:00:00-05:00"},
		{name: "weeks", dates: query.Dates{Before: "2w"}, to: "2024-08-17T12:00:00Z"},
		{name: "months to a short month", dates: query.Dates{From: "6m"}, from: "2024-02-29T12:00:00Z"},
		{name: "years", dates: query.Dates{From: "1y"}, from: "2023-08-31T12:00:00Z"},
		{name: "ages", dates: query.Dates{From: "7d", Through: "1d"}, from: "2024-08-24T12:00:00Z", to: "2024-08-30T12:00:00Z"},
		{name: "reversed is empty", dates: query.Dates{From: "1d", Through: "7d"}, from: "2024-08-30T12:00:00Z", to: "2024-08-30T12:00:00Z"},
		{name: "open"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.dates.Resolve(now, tt.zone)
			if err != nil {
				t.Fatal(err)
			}
			if want := (query.Span{From: instant(t, tt.from), To: instant(t, tt.to)}); !got.From.Equal(want.From) || !got.To.Equal(want.To) {
				t.Errorf("Resolve() = %v, want %v", got, want)
			}
		})
	}
	for _, bad := range []query.Dates{{From: "soon"}, {Through: "99999d"}, {Before: "0001"}} {
		if span, err := bad.Resolve(now, nil); err == nil {
			t.Errorf("%v resolves to %v, want an error", bad, span)
		}
	}
}

func instant(t *testing.T, s string) time.Time {
	t.Helper()
	if s == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestNearest(t *testing.T) {
	known := []string{"pageSize", "page", "q", "sources", "from", "to"}
	tests := []struct{ name, want string }{
		{"pagesize", "pageSize"},
		{"pgaeSize", "pageSize"},
		{"source", "sources"},
		{"form", "from"},
		{"xyzzy", ""},
		{"x", ""},
		{"", ""},
	}
	for _, tt := range tests {
		if got := query.Nearest(tt.name, known); got != tt.want {
			t.Errorf("Nearest(%q) = %q, want %q", tt.name, got, tt.want)
		}
	}
}
