package main

import (
	"fmt"
	"io"

	"broadsheet.example/entity/tagger"
	"broadsheet.example/entity/token"
	"broadsheet.example/news"
)

// result counts names found, names there are, and those that agree in type and
// both ends, by type.
type result struct {
	name                string
	found, there, right map[news.EntityType]int
}

// score labels documents and compares.
func score(name string, t *tagger.Tagger, docs []tagger.Labeled) result {
	r := result{name, map[news.EntityType]int{}, map[news.EntityType]int{}, map[news.EntityType]int{}}
	for _, d := range docs {
		want := map[news.Mention]bool{}
		for _, n := range d.Names {
			if kind := typeOf(n.Type); kind != "" {
				want[news.Mention{Start: n.Start, End: n.End, Type: kind}] = true
				r.there[kind]++
			}
		}
		for _, m := range t.Label(token.Split(d.Text)) {
			r.found[m.Type]++
			if want[m] {
				r.right[m.Type]++
			}
		}
	}
	return r
}

func typeOf(label string) news.EntityType {
	switch label {
	case "PER":
		return news.Person
	case "LOC", "GPE", "FAC":
		return news.Place
	case "ORG":
		return news.Organization
	}
	return ""
}

// print writes precision, recall and F1, by type and together.
func (r result) print(out io.Writer) {
	fmt.Fprintf(out, "%s\n", r.name)
	var found, there, right int
	for _, t := range [...]news.EntityType{news.Person, news.Place, news.Organization} {
		line(out, string(t), r.found[t], r.there[t], r.right[t])
		found, there, right = found+r.found[t], there+r.there[t], right+r.right[t]
	}
	line(out, "all", found, there, right)
}

func line(out io.Writer, name string, found, there, right int) {
	p, q := share(right, found), share(right, there)
	fmt.Fprintf(out, "  %-13s P %5.1f R %5.1f F1 %5.2f\n", name, 100*p, 100*q, 100*share(2*right, found+there))
}

func share(a, b int) float64 { return float64(a) / float64(max(b, 1)) }
