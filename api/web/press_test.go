package web_test

import (
	"fmt"
	"strings"
	"time"

	"broadsheet.example/news"
)

var (
	courier = news.Ref{ID: "courier", Name: "The Courier"}
	ledger  = news.Ref{ID: "ledger", Name: "Ledger & Tide"}

	ada   = entity(news.Person, "Ada Reyes")
	jonas = entity(news.Person, "Jonas Vik")
	oslo  = at(59.9, 10.7, entity(news.Place, "Oslo"))
	union = entity(news.Organization, "Dockers' Union")
)

func entity(t news.EntityType, name string) news.Entity {
	return news.Entity{ID: news.EntityID(t, strings.ToLower(name)), Type: t, Name: name, Count: 1}
}

// at is the place with coordinates.
func at(latitude, longitude float64, e news.Entity) news.Entity {
	e.Location = &news.Location{Latitude: latitude, Longitude: longitude}
	return e
}

// press is a handful of articles by two publishers, the newest first.
func press() []news.Article {
	return []news.Article{
		article(ledger, "Dockers return to the harbour", 2*time.Hour, ada, oslo, union),
		article(courier, "Harbour vote is close", 26*time.Hour, ada, jonas),
		article(courier, "A quiet day in the harbour", 3*24*time.Hour, oslo),
		article(ledger, "Fish prices rise", 10*24*time.Hour, oslo),
	}
}

func article(source news.Ref, title string, age time.Duration, entities ...news.Entity) news.Article {
	slug := strings.ReplaceAll(strings.ToLower(title), " ", "-")
	return news.Article{
		Source: source, Title: title, Description: "In short: " + title + ".",
		URL: "http://" + source.ID + ".example/" + slug, PublishedAt: now.Add(-age), PublishedAtSource: news.DateJSONLD,
		PublishedAtPrecision: news.PrecisionSecond, Completeness: news.Full, Language: "en", Section: "News", WordCount: 20,
		Content:  "The first paragraph of " + title + ".\n\nThe second paragraph speaks of boats.",
		Entities: entities,
	}
}

// many is n articles by as many publishers, naming as many people.
func many(n int) []news.Article {
	list := make([]news.Article, n)
	for i := range list {
		source := news.Ref{ID: fmt.Sprintf("paper-%03d", i), Name: fmt.Sprintf("Paper %03d", i)}
		list[i] = article(source, fmt.Sprintf("Storm report number %d", i), time.Duration(i)*time.Hour,
			entity(news.Person, fmt.Sprintf("Person %03d", i)), ada, oslo)
	}
	return list
}

// hostile is what an enemy's feeds may bring.
func hostile() []news.Article {
	const attack = `"><script>alert(1)</script><img src=x onerror=alert(1)><style>*{display:none}</style></main></body>`
	evil := article(news.Ref{ID: "evil", Name: "Evil " + attack}, "Storm "+attack, time.Hour,
		entity(news.Person, "Mallory "+attack), entity(news.Place, "'onmouseover='alert(1)"))
	evil.Description, evil.Content = "Storm "+attack, "Storm "+attack+"\n\n</mark><script>storm()</script>"
	evil.Authors, evil.Section, evil.EditorNote = []string{attack}, attack, attack
	evil.URL, evil.Language, evil.Country = "javascript:alert(document.cookie)//storm", "<b>", "<i>"

	marks := article(news.Ref{ID: "marks", Name: "\u202eskraM"}, "Storm <mark>never</mark> closed <mark>", 2*time.Hour)
	marks.Description, marks.Content = "Storm </mark></mark><mark>", "Storm <mark><mark> storm </mark> storm"

	long := article(news.Ref{ID: "long", Name: strings.Repeat("Llanfair", 12)}, "Storm "+strings.Repeat("pwllgwyngyll", 24), 3*time.Hour,
		entity(news.Place, strings.Repeat("gogogoch", 30)))
	long.Description, long.URL = strings.Repeat("x", 2000), "https://long.example/"+strings.Repeat("a", 1500)
	long.Content = "Storm " + strings.Repeat("y", 5000)

	wordy := article(news.Ref{ID: "wordy", Name: "Wordy"}, "Storm "+strings.Repeat("and more ", 34), 4*time.Hour)

	rtl := article(news.Ref{ID: "rtl", Name: "الجريدة"}, "عاصفة storm تضرب الساحل", 5*time.Hour, entity(news.Place, "القاهرة"))
	rtl.Language, rtl.Content = "ar", "عاصفة قوية storm تضرب الساحل صباح اليوم."

	bare := article(news.Ref{ID: "bare", Name: ""}, "", 6*time.Hour)
	bare.Description, bare.Content = "", "Storm without a title"
	return []news.Article{evil, marks, long, wordy, rtl, bare}
}
