package extract

import (
	"net/url"
	"strconv"
	"strings"
)

// Limits of tags.
const (
	maxTags   = 30
	maxTagLen = 80
)

// publisher is who the page says published it.
func (s *scan) publisher(base *url.URL) Publisher {
	stated := s.linked.article["publisher"]
	if stated == nil {
		stated = s.linked.article["sourceOrganization"]
	}
	p := Publisher{URL: absolute(base, s.linked.address(stated))}
	if names := s.linked.names(stated); len(names) > 0 && !strings.Contains(names[0], "://") {
		p.Name = clean(names[0])
	}
	p.Name = or(p.Name, clean(s.first("article:publisher_name", "dc.publisher", "dcterms.publisher", "citation_publisher")))
	return p
}

func (s *scan) siteName() string {
	return plain(s.first("og:site_name", "application-name", "apple-mobile-web-app-title"))
}

func (s *scan) description() string {
	return plain(or(s.first("og:description"), s.linked.text("description"), s.first("description", "twitter:description")))
}

// image is the lead image and, where it is stated, its size.
func (s *scan) image(base *url.URL) Image {
	stated := s.linked.article["image"]
	linked := absolute(base, s.linked.address(stated))
	shared := absolute(base, s.first("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"))
	i := Image{URL: or(linked, shared)}
	if linked != "" {
		i.Width, i.Height = s.linked.number(stated, "width"), s.linked.number(stated, "height")
	}
	if i.URL == shared && (i.Width == 0 || i.Height == 0) {
		i.Width, i.Height = pixels(s.first("og:image:width")), pixels(s.first("og:image:height"))
	}
	if i.Width == 0 || i.Height == 0 {
		i.Width, i.Height = 0, 0
	}
	return i
}

// maxPixels is the largest width or height that is believed.
const maxPixels = 100_000

// pixels reads a stated length such as 1200 or 1200px, 0 when it is none.
func pixels(text string) int {
	n, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "px")), 64)
	if err != nil || !(n >= 1 && n <= maxPixels) {
		return 0
	}
	return int(n)
}

func (s *scan) section() string {
	section := plain(or(s.linked.text("articleSection"), s.first("article:section", "og:article:section", "section", "parsely-section")))
	return clip(section, maxTagLen)
}

// tags are the stated keywords, in the order in which they stand.
func (s *scan) tags() []string {
	found := s.all("article:tag", "og:article:tag")
	if len(found) == 0 {
		found = texts(s.linked.article["keywords"])
	}
	if len(found) == 0 {
		found = s.all("news_keywords", "parsely-tags", "keywords")
	}
	var out []string
	seen := map[string]bool{}
	for _, line := range found {
		for tag := range strings.FieldsFuncSeq(line, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
			tag = clean(plain(tag))
			key := strings.ToLower(tag)
			if tag == "" || len(tag) > maxTagLen || seen[key] || len(out) >= maxTags {
				continue
			}
			seen[key] = true
			out = append(out, tag)
		}
	}
	return out
}

// languageCode is the primary code of the stated language.
func (s *scan) languageCode() string {
	stated := or(s.language, s.linked.text("inLanguage"), s.first("og:locale", "content-language", "language", "dc.language"))
	code, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(strings.TrimSpace(stated), "_", "-")), "-")
	if len(code) < 2 || len(code) > 3 || strings.Trim(code, "abcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	return code
}
