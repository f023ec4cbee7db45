package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"broadsheet.example/store"
)

// CommitPolls stores what came of polls; see [store.Crawl].
func (s *Store) CommitPolls(ctx context.Context, polls ...store.PollCommit) ([]store.Committed, error) {
	items := make([][][]byte, len(polls))
	for i, p := range polls {
		var err error
		if items[i], err = s.packItems(p.Pages); err != nil {
			return nil, fmt.Errorf("commit polls: %w", err)
		}
	}
	return s.commitEach(ctx, "commit polls", len(polls), func(ctx context.Context, t *tx, i int) (store.Committed, error) {
		return s.commitPoll(ctx, t, polls[i], items[i])
	})
}

func (s *Store) packItems(pages []store.Discovery) ([][]byte, error) {
	packed := make([][]byte, len(pages))
	for i, d := range pages {
		var err error
		if packed[i], err = s.codec.PackJSON(d.Item); err != nil {
			return nil, fmt.Errorf("item of %s: %w", d.URL, err)
		}
	}
	return packed, nil
}

func (s *Store) commitPoll(ctx context.Context, t *tx, p store.PollCommit, items [][]byte) (store.Committed, error) {
	at := orNow(p.At, s.now())
	var id string
	ok, err := t.get(ctx, `SELECT feed FROM hosts WHERE host = ? AND token = ? AND feed IS NOT NULL`, []any{p.Lease.Host, p.Lease.Token}, &id)
	if err != nil {
		return store.Committed{}, err
	}
	if !ok || id != p.Lease.Feed.ID {
		return store.Committed{}, store.ErrLeaseLost
	}
	if err := t.updateFeed(ctx, p, at); err != nil {
		return store.Committed{}, err
	}
	if err := t.freeHost(ctx, p.Lease.Token, at, orNow(p.HostNext, at)); err != nil {
		return store.Committed{}, err
	}
	if err := t.feedsMoved(ctx, p.Lease.Host); err != nil {
		return store.Committed{}, err
	}
	var c store.Committed
	for i, d := range p.Pages {
		found, err := s.discover(ctx, t, id, d, items[i], at)
		if err != nil {
			return store.Committed{}, err
		}
		found.Count(&c)
	}
	return c, nil
}

func (t *tx) updateFeed(ctx context.Context, p store.PollCommit, at time.Time) error {
	state, err := json.Marshal(p.State)
	if err != nil {
		return fmt.Errorf("state of feed %s: %w", p.Lease.Feed.ID, err)
	}
	_, err = t.exec(ctx, `UPDATE feeds SET state = ?2, due = ?3, enabled = enabled AND ?3 IS NOT NULL, interval = ?4,
  health = ?5, last_error = ?6, last_status = ?7, failures = ?8, last_poll = ?9,
  last_success = CASE WHEN ?10 THEN ?9 ELSE last_success END,
  title = CASE WHEN title_given OR ?11 = '' THEN title ELSE ?11 END,
  site_url = CASE WHEN ?12 = '' THEN site_url ELSE ?12 END,
  language = CASE WHEN ?13 = '' THEN language ELSE ?13 END
WHERE id = ?1`,
		p.Lease.Feed.ID, string(state), due(p.Next), int64(p.Interval),
		p.Health, p.Error, p.Status, p.Failures, millis(at), p.Success, p.Title, p.SiteURL, p.Language)
	return err
}

func orNow(t, now time.Time) time.Time {
	if t.IsZero() {
		return now
	}
	return t
}
