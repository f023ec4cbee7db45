package demo

// linkedData is the schema.org description of an article that its page carries
// as JSON-LD.
type linkedData struct {
	Context       string       `json:"@context,omitempty"`
	Type          string       `json:"@type"`
	ID            string       `json:"mainEntityOfPage"`
	Headline      string       `json:"headline"`
	Description   string       `json:"description"`
	DatePublished string       `json:"datePublished"`
	DateModified  string       `json:"dateModified"`
	Authors       []ldThing    `json:"author"`
	Publisher     ldThing      `json:"publisher"`
	Section       string       `json:"articleSection"`
	Keywords      []string     `json:"keywords,omitempty"`
	Image         []string     `json:"image,omitempty"`
	Language      string       `json:"inLanguage"`
	Free          bool         `json:"isAccessibleForFree"`
	HasPart       *ldPaywalled `json:"hasPart,omitempty"`
}

type ldThing struct {
	Type string `json:"@type"`
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

// ldPaywalled marks the part of a page that is for subscribers.
type ldPaywalled struct {
	Type     string `json:"@type"`
	Free     bool   `json:"isAccessibleForFree"`
	Selector string `json:"cssSelector"`
}

// ldGraph is the form in which some content systems wrap several things.
type ldGraph struct {
	Context string `json:"@context"`
	Graph   []any  `json:"@graph"`
}

const schemaOrg = "https://schema.org"

// linkedData describes the story; it follows the desk's habit of wrapping.
func (s *story) linkedData(v *view) any {
	article := linkedData{
		Context: schemaOrg, Type: "NewsArticle", ID: v.Canonical, Headline: v.Title, Description: v.Summary,
		DatePublished: v.ISO, DateModified: v.ModifiedISO, Publisher: ldThing{"NewsMediaOrganization", s.writer, s.writerURL()},
		Section: v.Section, Keywords: s.tags, Language: s.lang, Free: !v.Teaser,
	}
	for _, name := range s.authors {
		kind := "Person"
		if name == s.wire {
			kind = "Organization"
		}
		article.Authors = append(article.Authors, ldThing{Type: kind, Name: name})
	}
	if len(s.authors) == 0 {
		article.Authors = []ldThing{{Type: "Organization", Name: s.writer}}
	}
	if v.ImageURL != "" {
		article.Image = []string{v.ImageURL}
	}
	if v.Teaser {
		article.HasPart = &ldPaywalled{"WebPageElement", false, ".subscribers-only"}
	}
	if !s.desk.graph {
		return article
	}
	article.Context = ""
	site := ldThing{"WebSite", s.desk.name, s.desk.root + "/"}
	return ldGraph{schemaOrg, []any{site, article}}
}

// writerURL is the front page of who wrote the story.
func (s *story) writerURL() string {
	if s.writer == s.desk.name {
		return s.desk.root + "/"
	}
	return ""
}
