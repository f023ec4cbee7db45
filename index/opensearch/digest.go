package opensearch

import (
	"context"
	"fmt"

	"broadsheet.example/news"
)

// digestPage is how many articles one call of a digest reads.
const digestPage = 10_000

// Digest sums up the live articles. It reads the id and the version of each, so
// that it takes a second for about 100,000. It takes no snapshot, of which there
// may be none to be had: what is written meanwhile may be in it or not.
func (e *Engine) Digest(ctx context.Context) (news.Digest, error) {
	d, err := e.digest(ctx)
	if err != nil {
		return news.Digest{}, e.public(err)
	}
	return d, nil
}

func (e *Engine) digest(ctx context.Context) (news.Digest, error) {
	var d news.Digest
	body := object{
		"size": digestPage, "track_total_hits": false, "_source": false,
		"query": term(fieldDeleted, false), "docvalue_fields": []string{fieldID, fieldVersion}, "sort": []string{fieldID},
	}
	for {
		var r reply
		if err := e.client.search(ctx, e.cfg.Prefix, nil, body, &r); err != nil {
			return news.Digest{}, fmt.Errorf("sum up articles: %w", err)
		}
		hits := r.Hits.Hits
		for i := range hits {
			d.Add(hits[i].text(fieldID), hits[i].number(fieldVersion))
		}
		if len(hits) < digestPage {
			return d, nil
		}
		body["search_after"] = hits[len(hits)-1].Sort
	}
}
