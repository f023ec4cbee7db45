package language

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// Code returns the ISO 639-1 code of a language that is given as a tag such as
// en-US, EN_gb or deu, "" when it is none. Codes of former times become those of
// today, and both kinds of Norwegian are no.
func Code(tag string) string {
	tag = strings.ToLower(strings.TrimSpace(tag))
	if i := strings.IndexAny(tag, "-_"); i >= 0 {
		tag = tag[:i]
	}
	if len(tag) != 2 && len(tag) != 3 {
		return ""
	}
	base, err := language.ParseBase(tag)
	if err != nil {
		return countryFor(tag)
	}
	switch code := base.String(); code {
	case "nb", "nn":
		return "no"
	case "iw":
		return "he"
	case "in":
		return "id"
	case "ji":
		return "yi"
	case "jw":
		return "jv"
	case "mo":
		return "ro"
	case "sh":
		return "sr"
	case "fil":
		return "tl"
	default:
		if len(code) != 2 {
			return ""
		}
		return code
	}
}

// countryFor returns the language that is meant by a country's code in its
// place, where no language has that code.
func countryFor(tag string) string {
	switch tag {
	case "jp":
		return "ja"
	case "cn":
		return "zh"
	case "cz":
		return "cs"
	case "dk":
		return "da"
	case "gr":
		return "el"
	case "ua":
		return "uk"
	case "us", "gb":
		return "en"
	case "at":
		return "de"
	case "mx":
		return "es"
	}
	return ""
}

// codesOf returns the codes of tags, each once, without those that are none.
func codesOf(tags []string) []string {
	var codes []string
	for _, tag := range tags {
		if code := Code(tag); code != "" && !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	return codes
}
