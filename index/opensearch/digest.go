package opensearch

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"broadsheet.example/news"
)

// digestPage is how many articles one call of a digest reads.
const digestPage = 10_000

// Digest sums up the live articles. It reads the id and the version of each, so
// that it takes a second for about 100,000.
func (e *Engine) Digest(ctx context.Context) (news.Digest, error) {
	d, err := e.digest(ctx)
	if err != nil {
		return news.Digest{}, e.public(err)
	}
	return d, nil
}

func (e *Engine) digest(ctx context.Context) (d news.Digest, err error) {
	pit, err := e.pointInTime(ctx)
	if err != nil {
		return news.Digest{}, fmt.Errorf("sum up articles: %w", err)
	}
	defer func() {
		over := context.WithoutCancel(ctx)
		err = errors.Join(err, e.client.do(over, http.MethodDelete, "/_search/point_in_time", nil, object{"pit_id": []string{pit}}, nil))
	}()
	body := object{
		"pit": object{"id": pit, "keep_alive": keepAlive}, "size": digestPage, "track_total_hits": false, "_source": false,
		"query": all(term(fieldDeleted, false)), "docvalue_fields": []string{fieldID, fieldVersion}, "sort": []string{fieldID},
	}
	for {
		var r reply
		if err := e.client.search(ctx, "", nil, body, &r); err != nil {
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
