package crawler

import (
	"strings"

	"github.com/RadhiFadlillah/whatlanggo"
)

const (
	// detectWords is how long a text must be for its detected language to
	// outweigh what page and feed say.
	detectWords = 60
	// detectBytes bounds the text that is looked at.
	detectBytes = 1_500
	// sure is the confidence from which detection is believed without a hint.
	sure = 0.5
)

// chooseLanguage returns the ISO 639-1 code of a text. The hints (of the page,
// then of the feed) count, unless the text is long and detection is certain
// that they are wrong, as on sites that declare every page English.
func chooseLanguage(text string, hints ...string) string {
	hint := ""
	for _, h := range hints {
		if hint = languageCode(h); hint != "" {
			break
		}
	}
	sample := cut(text, detectBytes)
	if words(sample) < 4 && len(sample) < 40 {
		return hint
	}
	info := whatlanggo.Detect(sample)
	detected := info.Lang.Iso6391()
	switch {
	case detected == "" || detected == hint:
		return hint
	case hint == "" && info.Confidence >= sure:
		return detected
	case words(sample) >= detectWords && info.IsReliable() && info.Confidence > 0.9:
		return detected
	default:
		return hint
	}
}

// languageCode reduces en-US, EN_gb and the like to en; anything that is not a
// two-letter code gives "".
func languageCode(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if i := strings.IndexAny(s, "-_"); i >= 0 {
		s = s[:i]
	}
	if len(s) != 2 || s[0] < 'a' || s[0] > 'z' || s[1] < 'a' || s[1] > 'z' {
		return ""
	}
	return s
}
