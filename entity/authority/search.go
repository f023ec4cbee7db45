package authority

import (
	"context"
	"slices"

	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// Index answers searches for merged entities as what they were merged into,
// whether the articles have followed already or not.
type Index struct {
	news.Index
	file *File
}

// Index puts the file before an index.
func (f *File) Index(index news.Index) *Index { return &Index{index, f} }

// Search asks the index for every id that the entities of q go by.
func (i *Index) Search(ctx context.Context, q news.Query) (*news.Result, error) {
	rulings := i.file.Rulings()
	q.Expr = query.Replace(q.Expr, func(v query.Value) query.Node {
		ids := sameAs(rulings, v.Text)
		if len(ids) == 1 {
			v.Text = ids[0]
			return v
		}
		var either query.Or
		for _, id := range ids {
			either.Parts = append(either.Parts, query.Value{Field: v.Field, Text: id})
		}
		return either
	})
	q.Filters = slices.Clone(q.Filters)
	for n, f := range q.Filters {
		q.Filters[n].Values = sameAsAny(rulings, f.Values)
	}
	return i.Index.Search(ctx, q)
}

// sameAs returns the survivor of value and all that was merged into it; value
// alone when it is no entity's id or nothing was.
func sameAs(rulings *news.Rulings, value string) []string {
	if !news.IsEntityID(value) {
		return []string{value}
	}
	survivor := rulings.Survivor(value)
	ids := []string{survivor}
	for _, a := range rulings.Aliases(survivor) {
		ids = append(ids, a.ID)
	}
	return ids
}

// sameAsAny returns what the values go by, at most as many as a filter takes:
// every survivor before what was merged, whose articles follow by and by.
func sameAsAny(rulings *news.Rulings, values []string) []string {
	var survivors, merged []string
	for _, v := range values {
		ids := sameAs(rulings, v)
		survivors, merged = append(survivors, ids[0]), append(merged, ids[1:]...)
	}
	var all []string
	for _, id := range slices.Concat(survivors, merged) {
		if !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all[:min(len(all), news.MaxFilterVals)]
}
