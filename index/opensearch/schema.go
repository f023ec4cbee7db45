package opensearch

import (
	"fmt"
	"strings"

	"broadsheet.example/index"
	"broadsheet.example/news"
)

// Fields of a document beside the texts and the keywords.
const (
	fieldID        = "id"
	fieldVersion   = "version"
	fieldDeleted   = "deleted"
	fieldSet       = "set"
	fieldPublished = "published"
	fieldUpdated   = "updated"
	fieldSeen      = "seen"
	fieldOriginal  = "original" // id of the article that this one repeats
	fieldLabel     = "label"    // facet, value and name, see join
	fieldNamed     = "named"    // facet, folded name and value, likewise
)

const (
	// gap stands for a word that is left out, and keeps its place.
	gap = "_"
	// analyzerName is the analyzer that takes texts of terms apart.
	analyzerName = "terms"
	// maxWindow is how deep OpenSearch pages; see [news.MaxOffset].
	maxWindow = news.MaxOffset + 1
	separator = "\x00"
)

// settings are the settings of one partition's index. The analyzer only splits
// at blanks: the terms were made by package index.
func settings(shards, replicas int) object {
	return object{
		"index": object{
			"number_of_shards":     shards,
			"auto_expand_replicas": upTo(replicas),
			"max_result_window":    maxWindow,
			"similarity":           object{"default": object{"type": "BM25", "k1": 1.2, "b": 0.5}},
		},
		"analysis": object{
			"filter": object{"gaps": object{"type": "stop", "stopwords": []string{gap}}},
			"analyzer": object{
				analyzerName: object{"type": "custom", "tokenizer": "whitespace", "filter": []string{"gaps"}},
			},
		},
	}
}

// upTo is as many replicas as there are nodes for, up to a number.
func upTo(replicas int) string { return fmt.Sprintf("0-%d", replicas) }

// mapping is the mapping of a document: all explicit, and without the source,
// which is the store's.
func mapping() object {
	keyword, number := object{"type": "keyword"}, object{"type": "long"}
	properties := object{
		fieldID: keyword, fieldVersion: number, fieldDeleted: object{"type": "boolean"}, fieldSet: keyword,
		fieldPublished: number, fieldUpdated: number, fieldSeen: number,
		fieldOriginal: keyword, fieldLabel: keyword, fieldNamed: keyword,
	}
	for _, field := range news.TextFields() {
		properties[lengthField(field)] = number
	}
	for _, name := range index.KeywordFields() {
		properties[keywordField(name)] = keyword
	}
	for _, set := range index.Sets() {
		all := textField("text", set)
		properties[all] = object{"type": "text", "analyzer": analyzerName, "index_options": "freqs"}
		for _, field := range news.TextFields() {
			p := object{"type": "text", "analyzer": analyzerName, "copy_to": []string{all}}
			if field == "title" {
				p["copy_to"] = []string{all, all, all}
			}
			properties[textField(field, set)] = p
		}
	}
	return object{"dynamic": "strict", "_source": object{"enabled": false}, "properties": properties}
}

// textField is the name of a text field of a set.
func textField(field, set string) string { return field + "_" + set }

// lengthField is the name of the field of a text's length.
func lengthField(field string) string { return "length_" + field }

// keywordField is the name of a keyword field. The dot of ours would make it part
// of another.
func keywordField(name string) string { return strings.ReplaceAll(name, ".", "_") }

// join makes one keyword of several parts.
func join(parts ...string) string { return strings.Join(parts, separator) }
