package param

import (
	"net/url"
	"slices"
	"strings"
)

// ArticleFields lists the fields of an article, as they are called in JSON and
// in the parameter fields.
func ArticleFields() []string {
	return []string{
		"id", "version", "revision", "partition", "source", "via", "title", "description", "authors", "url",
		"canonicalUrl", "urlToImage", "publishedAt", "publishedAtSource", "publishedAtPrecision", "publishedAtRaw",
		"updatedAt", "firstSeen", "content", "editorNote", "wordCount", "completeness", "language", "country",
		"section", "tags", "entities", "duplicateOf",
	}
}

// Fields reads the fields of articles that the reply is to carry; nil when the
// parameter is not given. It fails with a [*news.ParamError].
func Fields(values url.Values) ([]string, error) {
	given, err := collect(url.Values{FieldsName: values[FieldsName]})
	if err != nil {
		return nil, err
	}
	p := parser{given: given}
	return p.fieldList()
}

func (p *parser) fields() error {
	_, err := p.fieldList()
	return err
}

func (p *parser) fieldList() ([]string, error) {
	names, err := p.plainList(FieldsName)
	if err != nil {
		return nil, err
	}
	known := ArticleFields()
	for i, name := range names {
		at := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, name) })
		if at < 0 {
			return nil, invalid(FieldsName, name, unknown("field", name, known))
		}
		names[i] = known[at]
	}
	return names, nil
}
