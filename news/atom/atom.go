// Package atom holds the elements of an Atom 1.0 feed (RFC 4287) for encoding/xml
// to write. It does not read feeds: what others write is rarely so tidy.
package atom

import (
	"encoding/xml"
	"time"
)

// Feed is a whole feed. ID, Title and Updated are required, and Author unless
// every entry names one.
type Feed struct {
	XMLName  xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string   `xml:"xml:lang,attr,omitempty"`
	ID       string   `xml:"id"`
	Title    string   `xml:"title"`
	Subtitle string   `xml:"subtitle,omitempty"`
	Updated  string   `xml:"updated"`
	Author   *Person  `xml:"author"`
	Links    []Link   `xml:"link"`
	Entries  []Entry  `xml:"entry"`
}

// Entry is one item.
type Entry struct {
	ID         string     `xml:"id"`
	Title      string     `xml:"title"`
	Link       Link       `xml:"link"`
	Published  string     `xml:"published"`
	Updated    string     `xml:"updated"`
	Authors    []Person   `xml:"author"`
	Categories []Category `xml:"category"`
	Summary    Text       `xml:"summary"`
}

// Link points to a resource. Without Rel it is to what the element is about.
type Link struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

// Person is an author.
type Person struct {
	Name string `xml:"name"`
}

// Category is a term that an entry is filed under.
type Category struct {
	Term string `xml:"term,attr"`
}

// Text is a text of type text or html; of the latter, Text is the markup.
type Text struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

// People makes persons of names.
func People(names []string) []Person {
	var list []Person
	for _, name := range names {
		list = append(list, Person{name})
	}
	return list
}

// Categories makes categories of terms.
func Categories(terms []string) []Category {
	var list []Category
	for _, term := range terms {
		list = append(list, Category{term})
	}
	return list
}

// Time writes a time as Atom wants it, in the zone that it has.
func Time(t time.Time) string { return t.Format(time.RFC3339) }
