package demo

import "time"

// jsonFeed is a feed in JSON Feed 1.1.
type jsonFeed struct {
	Version     string     `json:"version"`
	Title       string     `json:"title"`
	Description string     `json:"description"`
	HomePageURL string     `json:"home_page_url"`
	FeedURL     string     `json:"feed_url"`
	Language    string     `json:"language"`
	Items       []jsonItem `json:"items"`
}

type jsonItem struct {
	ID        string       `json:"id"`
	URL       string       `json:"url"`
	Title     string       `json:"title"`
	Summary   string       `json:"summary"`
	Text      string       `json:"content_text"`
	Image     string       `json:"image,omitempty"`
	Published string       `json:"date_published"`
	Modified  string       `json:"date_modified"`
	Authors   []jsonAuthor `json:"authors,omitempty"`
	Tags      []string     `json:"tags"`
	Language  string       `json:"language"`
}

type jsonAuthor struct {
	Name string `json:"name"`
}

func jsonFeedOf(d *desk, stories []*story) jsonFeed {
	feed := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: d.name, Description: d.tagline,
		HomePageURL: d.root + "/", FeedURL: d.root + d.feedPath, Language: d.lang,
	}
	for _, s := range stories {
		feed.Items = append(feed.Items, s.jsonItem())
	}
	return feed
}

func (s *story) jsonItem() jsonItem {
	item := jsonItem{
		ID: s.desk.root + s.path, URL: s.link(), Title: s.title, Summary: s.summary, Text: s.summary,
		Published: s.published.In(s.desk.zone).Format(time.RFC3339), Modified: s.modified.In(s.desk.zone).Format(time.RFC3339),
		Tags: append([]string{s.section}, s.tags...), Language: s.lang,
	}
	for _, name := range s.authors {
		item.Authors = append(item.Authors, jsonAuthor{name})
	}
	if s.caption != "" {
		item.Image = s.desk.root + s.imagePath()
	}
	return item
}
