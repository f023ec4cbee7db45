package opensearch

import (
	"strings"

	"broadsheet.example/index"
	"broadsheet.example/news"
)

// document returns what is written of an article.
func document(a *news.Article, f *index.Fields, version int64) object {
	doc := object{
		fieldID: a.ID, fieldVersion: version, fieldDeleted: false, fieldSet: f.Set,
		fieldPublished: f.Published, fieldUpdated: f.Updated, fieldSeen: f.Seen,
	}
	if a.DuplicateOf != "" {
		doc[fieldOriginal] = a.DuplicateOf
	}
	for i, name := range news.TextFields() {
		doc[lengthField(name)] = f.Lengths[i]
		if len(f.Text[i]) > 0 {
			doc[textField(name, f.Set)] = spell(f.Text[i])
		}
	}
	for name, values := range f.Keywords {
		doc[keywordField(name)] = values
	}
	var labels, named []string
	for _, n := range f.Names {
		labels = append(labels, join(n.Facet, n.Value, n.Name))
		named = append(named, join(n.Facet, index.FoldName(n.Name), n.Value))
	}
	if len(labels) > 0 {
		doc[fieldLabel], doc[fieldNamed] = labels, named
	}
	return doc
}

// tombstone is what is kept of a deleted article.
func tombstone(id string, version int64) object {
	return object{fieldID: id, fieldVersion: version, fieldDeleted: true}
}

// spell writes tokens as a text that the analyzer takes apart into them.
func spell(tokens []index.Token) string {
	var b strings.Builder
	at := 0
	for _, t := range tokens {
		for at++; at < t.Position; at++ {
			b.WriteString(gap + " ")
		}
		b.WriteString(t.Term)
		b.WriteByte(' ')
		at = max(at, t.Position)
	}
	return b.String()
}

// externalVersion is the version that OpenSearch goes by: a tombstone takes the
// place of an article of its own version.
func externalVersion(c *news.Change) int64 {
	v := c.Version * 2
	if c.Deleted {
		v++
	}
	return v
}
