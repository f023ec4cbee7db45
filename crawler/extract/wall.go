package extract

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// wallName matches the class or id of an element that bars the way.
var wallName = regexp.MustCompile(`(?i)(?:^|[\s_-])(?:pay-?wall|reg-?wall|meter(?:ed|-wall|-paywall)?|piano-(?:container|offer)|tp-container|subscriber-?only|subscription-?(?:wall|required|prompt)|premium-(?:wall|gate|content-offer)|gated-content|article-?gate|login-?wall|content-?barrier)`)

// wallWords are what each name that wallName matches has one of; to look for
// them first is faster.
var wallWords = newMatcher([][]string{{"wall", "meter", "piano", "tp-", "subscri", "premium-", "gated", "gate", "barrier"}})

// isWallMark reports whether an element is named like a wall.
func isWallMark(n *html.Node) bool {
	for _, a := range n.Attr {
		if (a.Key == "class" || a.Key == "id") && len(a.Val) > 4 {
			names := strings.ToLower(a.Val)
			if wallWords.find(names) != 0 && wallName.MatchString(names) {
				return true
			}
		}
	}
	return false
}

// wall gathers the signs of a wall that the markup gives.
func (s *scan) wall() Wall {
	w := Wall{Access: s.access(), Markers: s.wallMarks}
	if n, err := strconv.Atoi(firstText(s.linked.article["wordCount"])); err == nil && n > 0 {
		w.DeclaredWords = n
	}
	return w
}

// access reads isAccessibleForFree. A part that is not free makes the whole
// paid, whatever the whole says.
func (s *scan) access() Access {
	access := AccessUnknown
	for _, o := range s.linked.objects {
		switch strings.ToLower(firstText(o["isAccessibleForFree"])) {
		case "false", "no", "0":
			return AccessPaid
		case "true", "yes", "1":
			access = AccessFree
		}
	}
	switch s.first("article:content_tier", "og:article:content_tier") {
	case "locked", "metered":
		return AccessPaid
	case "free":
		return AccessFree
	}
	return access
}

// robots reads the robots meta elements.
func (s *scan) robots() Robots {
	var r Robots
	for _, v := range s.all("robots", "googlebot-news", "broadsheet") {
		for word := range strings.FieldsFuncSeq(strings.ToLower(v), func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
			switch word {
			case "noindex":
				r.NoIndex = true
			case "noarchive":
				r.NoArchive = true
			case "none":
				r.NoIndex, r.NoArchive = true, true
			}
		}
	}
	return r
}
