package feed_test

import (
	"strings"
	"testing"
	"time"
)

func TestDates(t *testing.T) {
	const none = ""
	for _, tc := range []struct{ in, want string }{
		{"Thu, 01 Jan 2004 19:48:21 GMT", "2004-01-01T19:48:21Z"},
		{"Thu, 01 Jan 04 19:48:21 GMT", "2004-01-01T19:48:21Z"},
		{"01 Jan 2004 19:48 UT", "2004-01-01T19:48:00Z"},
		{"Thu, 1 January 2004 19:48:21 -0530", "2004-01-02T01:18:21Z"},
		{"Thu, 01 Jan 2004 19:48:21 EST", "2004-01-02T00:48:21Z"},
		{"Thu, 01 Jan 2004 19:48:21 PDT", "2004-01-02T02:48:21Z"},
		{"Thu, 01 Jan 2004 19:48:21 +0000 (Coordinated)", "2004-01-01T19:48:21Z"},
		{"Wed, 31 Dec 2003 10:14:55 -0800 (PST)", "2003-12-31T18:14:55Z"},
		{"Wed, 31 Dec 2003 10:14:55 -0800 PST", "2003-12-31T18:14:55Z"},
		{"Thu, 30 Apr 2015 08:57:00 MET", "2015-04-30T07:57:00Z"},
		{"Thu, 30 Apr 2015 08:57:00 MEST", "2015-04-30T06:57:00Z"},
		{"Thu, 30 Apr 2015 08:57:00 CET", "2015-04-30T07:57:00Z"},
		{"Wed, 19 Aug 2009 06:00:00 AT", "2009-08-19T10:00:00Z"},
		{"Wed, 19 Aug 2009 06:00:00 ET", "2009-08-19T11:00:00Z"},
		{"Wed, 19 Aug 2009 06:00:00 CT", "2009-08-19T12:00:00Z"},
		{"Wed, 19 Aug 2009 06:00:00 MT", "2009-08-19T13:00:00Z"},
		{"Wed, 19 Aug 2009 06:00:00 PT", "2009-08-19T14:00:00Z"},
		{"Wed, 19 Aug 2009 06:00:00 Etc/GMT", "2009-08-19T06:00:00Z"},
		{"Wed, 19 Aug 2009 06:00:00 GMT-01:01", "2009-08-19T07:01:00Z"},
		{"Wed, 19 Aug 2009 06:00:00 UTC+2", "2009-08-19T04:00:00Z"},
		{"Thu Aug 30 2012 17:26:16 +0200", "2012-08-30T15:26:16Z"},
		{"Mon, 13 Feb, 2012 06:28:00 UTC", "2012-02-13T06:28:00Z"},
		{"Thu, 01 Jan 0100 00:00:01 +0100", "0099-12-31T23:00:01Z"},
		{"Wednesday, 31-Dec-03 10:14:55 GMT", "2003-12-31T10:14:55Z"},
		{"Sun Jan  4 16:29:06 2004", "2004-01-04T16:29:06Z"},
		{"Sun Jul 15 01:16:00 +0000 2012", "2012-07-15T01:16:00Z"},
		{"Nov 26, 2026 3:04 PM EST", "2026-11-26T20:04:00Z"},
		{"November 26th, 2026 at 12:04 am", "2026-11-26T00:04:00Z"},
		{"Fri, 2006/09/15 08:19:53 EDT", "2006-09-15T12:19:53Z"},
		{"Thu, 01 Jan 2004", "2004-01-01T00:00:00Z"},

		{"2003", "2003-01-01T00:00:00Z"},
		{"2003-12", "2003-12-01T00:00:00Z"},
		{"2003-12-31", "2003-12-31T00:00:00Z"},
		{"20031231", "2003-12-31T00:00:00Z"},
		{"03-12-31", "2003-12-31T00:00:00Z"},
		{"2003-12-31T10:14Z", "2003-12-31T10:14:00Z"},
		{"2003-12-31T10:14:55.123456Z", "2003-12-31T10:14:55Z"},
		{"2003-12-31t18:14:55+08:00", "2003-12-31T10:14:55Z"},
		{"2003-12-31 10:14:55 -0500", "2003-12-31T15:14:55Z"},
		{"20031231T10:14:55Z", "2003-12-31T10:14:55Z"},
		{"20031231 101455+0100", "2003-12-31T09:14:55Z"},
		{"2003-335", "2003-12-01T00:00:00Z"},
		{"2003335", "2003-12-01T00:00:00Z"},
		{"2003-366", none},
		{"2003-12-31T10:14:55.000Z[UTC]", "2003-12-31T10:14:55Z"},
		{"Wed, 31 Dec 2003 10:14:55 (PST)", "2003-12-31T18:14:55Z"},
		{"Wed Dec 31 2003 10:14:55 GMT+0100 (Central European Standard Time)", "2003-12-31T09:14:55Z"},
		{"20031231T101455Z", "2003-12-31T10:14:55Z"},
		{"2003-12-31T24:00:00Z", "2004-01-01T00:00:00Z"},
		{"1990-12-31T15:59:60-08:00", "1991-01-01T00:00:00Z"},
		{"\n 2003-12-31T10:14:55Z \t", "2003-12-31T10:14:55Z"},

		{"2004년 05월 28일 01:31:15", "2004-05-27T16:31:15Z"},
		{"2004-05-28 오전 01:31:15", "2004-05-27T16:31:15Z"},
		{"2004-05-28 오후 01:31:15", "2004-05-28T04:31:15Z"},
		{"Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T17:00:00Z"},
		{"Τετ, 14 Μάι 2004 12:00:00 EST", "2004-05-14T17:00:00Z"},
		{"Σαβ, 11 Σεπ 2004 12:00:00 EST", "2004-09-11T17:00:00Z"},
		{"2004-július-13T9:15-05:00", "2004-07-13T14:15:00Z"},
		{"2004-január-13T9:15-05:00", "2004-01-13T14:15:00Z"},
		{"jeu., 26 nov. 2026 10:00:00 +0100", "2026-11-26T09:00:00Z"},
		{"Do, 26 Dez 2026 10:00:00 +0100", "2026-12-26T09:00:00Z"},
		{"26 de noviembre de 2026 10:00", "2026-11-26T10:00:00Z"},
		{"Чт, 26 ноя 2026 10:00:00 +0300", "2026-11-26T07:00:00Z"},
		{"26 Kasım 2026 10:00 +03:00", "2026-11-26T07:00:00Z"},
		{"28.05.2004 15:04", "2004-05-28T15:04:00Z"},
		{"13/02/2006 15:04", "2006-02-13T15:04:00Z"},
		{"02/13/2006 15:04", "2006-02-13T15:04:00Z"},
		{"02/02/2006 15:04", "2006-02-02T15:04:00Z"},

		{"01/02/2006 15:04", none}, // January or February
		{"05-06-07", none},
		{"60-12-31", none},
		{"1 Jan 60 00:00:00 GMT", none},
		{"5 listopada 2026", none}, // October or November
		{"Thu, 31 Jun 2004 19:48:21 GMT", none},
		{"Mon, 31 Feb 2026 25:61:00 GMT", none},
		{"Sat, 29 Feb 2025 10:00:00 GMT", none},
		{"Sun, 16 zzz 2012 11:47:32 GMT", none},
		{"Sun, Dec x 2012 11:47:32 GMT", none},
		{"Sun, 16 Dec zz 11:47:32 GMT", none},
		{"Sun, 16 Dec 2012 aa:47:32 GMT", none},
		{"Sun, 16 Dec 2012 1:2:3:4 GMT", none},
		{"Sun, 16 Dec 2012 11:47:32 XYZ", none},
		{"Sun, 16 Dec 2012 11:47:32 +2500", none},
		{"2003-13-01", none},
		{"2003-12-31T10:14:55Z+08:00", none},
		{"13:00 PM 1 Jan 2004", none},
		{"1795687200", none},
		{"yesterday", none},
		{strings.Repeat("1 Jan 2004 ", 100), none},
	} {
		t.Run(tc.in, func(t *testing.T) {
			item := onlyItem(t, rss("<item><pubDate>"+tc.in+"</pubDate></item>"))
			got := none
			if !item.Published.IsZero() {
				got = item.Published.Format(time.RFC3339)
			}
			if got != tc.want {
				t.Errorf("%q: got %q, want %q", tc.in, got, tc.want)
			}
			if item.DateRaw == "" {
				t.Errorf("%q: the raw date is lost", tc.in)
			}
		})
	}
}

func TestDatePrecision(t *testing.T) {
	for _, tc := range []struct {
		name, body, want      string
		dateOnly, zoneGuessed bool
	}{
		{"complete", rss("<item><pubDate>Thu, 26 Nov 2026 10:00:00 GMT</pubDate></item>"), "2026-11-26T10:00:00Z", false, false},
		{"day alone", rss("<item><pubDate>2026-11-26</pubDate></item>"), "2026-11-26T00:00:00Z", true, false},
		{"no zone anywhere", rss("<item><pubDate>Thu, 26 Nov 2026 10:00:00</pubDate></item>"), "2026-11-26T10:00:00Z", false, true},
		{"the feed's zone", rss("<lastBuildDate>Thu, 26 Nov 2026 12:00:00 +0200</lastBuildDate><item><pubDate>Thu, 26 Nov 2026 10:00:00</pubDate></item>"), "2026-11-26T08:00:00Z", false, true},
		{"its own zone first", rss("<lastBuildDate>Thu, 26 Nov 2026 12:00:00 +0200</lastBuildDate><item><pubDate>Thu, 26 Nov 2026 10:00:00 EST</pubDate></item>"), "2026-11-26T15:00:00Z", false, false},
		{"a day has no zone", rss("<lastBuildDate>Thu, 26 Nov 2026 12:00:00 +0200</lastBuildDate><item><pubDate>26 Nov 2026</pubDate></item>"), "2026-11-26T00:00:00Z", true, false},
		{"unreadable", rss("<item><pubDate>soon</pubDate></item>"), "0001-01-01T00:00:00Z", false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			item := onlyItem(t, tc.body)
			if got := item.Published.Format(time.RFC3339); got != tc.want || item.DateOnly != tc.dateOnly || item.ZoneGuessed != tc.zoneGuessed {
				t.Errorf("got %s, date only %v, zone guessed %v; want %s, %v, %v", got, item.DateOnly, item.ZoneGuessed, tc.want, tc.dateOnly, tc.zoneGuessed)
			}
		})
	}
}

func TestDateChoice(t *testing.T) {
	const first, second = "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"
	for _, tc := range []struct{ name, body, published, updated string }{
		{"dc:date is both", rss("<item><dc:date>" + first + "</dc:date></item>"), first, first},
		{"pubDate before dc:date", rss("<item><pubDate>" + first + "</pubDate><dc:date>" + second + "</dc:date></item>"), first, second},
		{"dcterms", rss("<item><dcterms:issued>" + first + "</dcterms:issued><dcterms:modified>" + second + "</dcterms:modified></item>"), first, second},
		{"last of several", atom("<entry><updated>" + first + "</updated><updated>" + second + "</updated></entry>"), "", second},
		{"atom inside RSS", rss("<item><atom:published>" + first + "</atom:published><atom:updated>" + second + "</atom:updated></item>"), first, second},
		{"created when nothing better", `<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><created>` + first + `</created></entry></feed>`, first, ""},
		{"unreadable after readable", rss("<item><pubDate>" + first + "</pubDate><pubDate>soon</pubDate></item>"), first, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			item := onlyItem(t, tc.body)
			for _, c := range []struct {
				what, want string
				got        time.Time
			}{{"published", tc.published, item.Published}, {"updated", tc.updated, item.Updated}} {
				got := ""
				if !c.got.IsZero() {
					got = c.got.Format(time.RFC3339)
				}
				if got != c.want {
					t.Errorf("%s: got %q, want %q", c.what, got, c.want)
				}
			}
		})
	}
}
