package param

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"broadsheet.example/news"
)

// Limits of a request for suggestions.
const (
	MaxSuggestText = 200 // bytes
	MaxSuggestions = 50
	suggestions    = 10 // when size is not given
)

// SuggestKinds lists what can be suggested.
func SuggestKinds() []string {
	return []string{"query", news.FacetSource, news.FacetPerson, news.FacetPlace, news.FacetOrganization}
}

// Suggest reads a request for suggestions from q, kinds and size. It fails with
// a [*news.ParamError].
func Suggest(values url.Values) (news.SuggestQuery, error) {
	p := parser{given: values}
	text, err := p.text("q", MaxSuggestText)
	if err != nil {
		return news.SuggestQuery{}, err
	}
	if !utf8.ValidString(text) {
		return news.SuggestQuery{}, invalid("q", "", "is not UTF-8")
	}
	kinds, err := p.plainList("kinds")
	if err != nil {
		return news.SuggestQuery{}, err
	}
	for _, kind := range kinds {
		if !slices.Contains(SuggestKinds(), kind) {
			return news.SuggestQuery{}, invalid("kinds", kind, "must be among "+strings.Join(SuggestKinds(), ", "))
		}
	}
	size, err := p.number("size", 1, MaxSuggestions)
	if err != nil {
		return news.SuggestQuery{}, err
	}
	if size == 0 {
		size = suggestions
	}
	return news.SuggestQuery{Text: text, Kinds: kinds, Size: size}, nil
}
