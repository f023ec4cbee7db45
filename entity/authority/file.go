package authority

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

// batch is how many articles are read and amended at a time.
const batch = 200

// Archive is what the file asks of a store.
type Archive interface {
	store.Decisions
	store.Amender
	Scan(ctx context.Context, after store.ScanPosition, n int) ([]news.Article, store.ScanPosition, error)
	Entities(ctx context.Context, ids ...string) ([]news.Entity, error)
}

// File is the authority file of an archive. It is safe for concurrent use.
type File struct {
	archive Archive
	log     *slog.Logger
	rules   atomic.Pointer[Rules]
	ruling  sync.Mutex    // held while rules are made, so that none replace later ones
	newest  int64         // number of the last decision in rules; under ruling
	decided chan struct{} // a decision waits for the articles to follow
	turn    sync.Mutex    // held while the archive is walked
}

// Report tells what a refresh did.
type Report struct {
	Articles int           `json:"articles"` // looked at
	Amended  int           `json:"amended"`
	Stale    int           `json:"stale"` // changed meanwhile; the next refresh sees them
	Took     time.Duration `json:"took"`
}

// Open returns the authority file of an archive with the decisions made so far.
// Evidence comes with the first refresh. log may be nil.
func Open(ctx context.Context, archive Archive, log *slog.Logger) (*File, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	f := &File{archive: archive, log: log, decided: make(chan struct{}, 1)}
	return f, f.rule(ctx, nil)
}

// Apply returns the entities of an article as the rules have them now; see
// [Rules.Apply].
func (f *File) Apply(list []news.Entity, published time.Time) []news.Entity {
	return f.rules.Load().Apply(list, published)
}

// Rulings returns what the decisions come to now.
func (f *File) Rulings() *news.Rulings { return f.rules.Load().rulings }

// rule reads the decisions and makes rules of them and of evidence, nil for that
// of before.
func (f *File) rule(ctx context.Context, evidence *Evidence) error {
	f.ruling.Lock()
	defer f.ruling.Unlock()
	if was := f.rules.Load(); evidence == nil && was != nil {
		evidence = was.evidence
	}
	decisions, err := f.archive.ListDecisions(ctx, 0)
	if err != nil {
		return fmt.Errorf("read decisions: %w", err)
	}
	var ids []string
	for _, d := range decisions {
		ids = append(ids, d.Entity)
	}
	known, err := f.archive.Entities(ctx, ids...)
	if err != nil {
		return fmt.Errorf("read decisions: %w", err)
	}
	f.rules.Store(NewRules(news.Rule(decisions), known, evidence))
	if n := len(decisions); n > 0 {
		f.newest = decisions[n-1].Number
	}
	return nil
}

// Decide makes decisions, as [store.Decisions] says. Articles that come in from
// now on follow them; those that are there follow soon, while Run runs, or at
// the next Refresh.
func (f *File) Decide(ctx context.Context, decisions ...news.Decision) ([]news.Decision, error) {
	made, err := f.archive.Decide(ctx, decisions...)
	if err != nil {
		return nil, err
	}
	if err := f.rule(ctx, nil); err != nil {
		return nil, err
	}
	f.wake()
	return made, nil
}

// wake has Run bring the articles in line with the decisions.
func (f *File) wake() {
	select {
	case f.decided <- struct{}{}:
	default: // somebody has called already
	}
}

// Follow looks every so often, until ctx is done, for decisions that others have
// made in the same archive, and goes by them from then on, as after Decide.
func (f *File) Follow(ctx context.Context, every time.Duration) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := f.catchUp(ctx); err != nil && ctx.Err() == nil {
			f.log.Error("decisions on entities were not read", "err", err)
		}
	}
}

// catchUp takes over the decisions that are new.
func (f *File) catchUp(ctx context.Context) error {
	f.ruling.Lock()
	newest := f.newest
	f.ruling.Unlock()
	made, err := f.archive.ListDecisions(ctx, newest)
	if err != nil || len(made) == 0 {
		return err
	}
	if err := f.rule(ctx, nil); err != nil {
		return err
	}
	f.wake()
	return nil
}

// ListDecisions lists decisions; see [store.Decisions].
func (f *File) ListDecisions(ctx context.Context, after int64) ([]news.Decision, error) {
	return f.archive.ListDecisions(ctx, after)
}

// Run refreshes the archive now, every so often, and after decisions, until ctx
// is done. A refresh that fails is logged and tried again next time.
func (f *File) Run(ctx context.Context, every time.Duration) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if _, err := f.Refresh(ctx); err != nil && ctx.Err() == nil {
			f.log.Error("entities were not put together", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-f.decided:
		}
	}
}

// Refresh gathers evidence anew and amends the articles whose entities are no
// longer what the rules make of them. The outcome depends on the articles and
// decisions alone. Refreshes take turns.
func (f *File) Refresh(ctx context.Context) (Report, error) {
	f.turn.Lock()
	defer f.turn.Unlock()
	began := time.Now()
	evidence, err := Gather(MaxGathered, func(add func([]news.Entity, time.Time)) error {
		return f.walk(ctx, func(articles []news.Article) error {
			for _, a := range articles {
				add(a.Entities, a.PublishedAt)
			}
			return nil
		})
	})
	if err != nil {
		return Report{}, err
	}
	if err := f.rule(ctx, evidence); err != nil {
		return Report{}, err
	}
	var r Report
	err = f.walk(ctx, func(articles []news.Article) error { return f.amend(ctx, articles, &r) })
	r.Took = time.Since(began).Round(time.Millisecond)
	if err == nil {
		f.log.Info("entities put together", "articles", r.Articles, "amended", r.Amended, "stale", r.Stale, "took", r.Took)
	}
	return r, err
}

func (f *File) walk(ctx context.Context, visit func([]news.Article) error) error {
	var at store.ScanPosition
	for {
		articles, next, err := f.archive.Scan(ctx, at, batch)
		if err != nil {
			return fmt.Errorf("read archive: %w", err)
		}
		if len(articles) == 0 {
			return nil
		}
		if err := visit(articles); err != nil {
			return err
		}
		at = next
	}
}

// amend brings articles in line with the rules.
func (f *File) amend(ctx context.Context, articles []news.Article, r *Report) error {
	var changed []store.Amendment
	for _, a := range articles {
		r.Articles++
		list := f.Apply(a.Entities, a.PublishedAt)
		if !reflect.DeepEqual(list, a.Entities) {
			a.Entities, a.Content = list, ""
			changed = append(changed, store.Amendment{Article: a})
		}
	}
	if len(changed) == 0 {
		return nil
	}
	done, err := f.archive.Amend(ctx, changed...)
	if err != nil {
		return fmt.Errorf("amend articles: %w", err)
	}
	for _, c := range done {
		switch {
		case c.Err == nil:
			r.Amended++
		case errors.Is(c.Err, store.ErrStale), errors.Is(c.Err, news.ErrNotFound), errors.Is(c.Err, news.ErrRemoved):
			r.Stale++
		default:
			return fmt.Errorf("amend article %s: %w", c.ID, c.Err)
		}
	}
	return nil
}
