package index

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"broadsheet.example/news"
)

const (
	// partitionsFile lists the partitions, oldest first.
	partitionsFile  = "partitions"
	partitionPrefix = "p"
	// maxPartitions bounds how many there are, since each is open.
	maxPartitions = 24
	// partitionShare is the part of all articles that a partition must hold
	// before the next month gets one of its own, so that their number grows with
	// the logarithm of the articles: some 14 at a million in order of time, the
	// bound at about six million.
	partitionShare = 6
)

// openPartitions opens what the list names and removes what it does not.
func (e *Engine) openPartitions() error {
	spans, err := readSpans(e.cfg.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		err = writeSpans(e.cfg.Dir, nil)
	}
	if err != nil {
		return err
	}
	if err := e.sweep(spans); err != nil {
		return fmt.Errorf("open index: %w", err)
	}
	e.parts = make([]*partition, len(spans))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, s := range spans {
		e.parts[i] = e.partition(s)
		group.Go(e.parts[i].open)
	}
	return group.Wait()
}

// sweep removes directories of partitions that are not listed: one whose making
// or dropping was cut short.
func (e *Engine) sweep(spans []span) error {
	entries, err := os.ReadDir(e.cfg.Dir)
	if err != nil {
		return err
	}
	for _, d := range entries {
		listed := slices.ContainsFunc(spans, func(s span) bool { return s.Name == d.Name() })
		if d.IsDir() && strings.HasPrefix(d.Name(), partitionPrefix) && !listed {
			if err := os.RemoveAll(filepath.Join(e.cfg.Dir, d.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// readSpans reads the list of partitions; a new directory has no list.
func readSpans(dir string) ([]span, error) {
	text, err := os.ReadFile(filepath.Join(dir, partitionsFile))
	if err != nil {
		return nil, fmt.Errorf("open index: %w", err)
	}
	var spans []span
	if err := json.Unmarshal(text, &spans); err != nil {
		return nil, corrupt(dir, fmt.Errorf("list of partitions: %w", err))
	}
	for _, s := range spans {
		if _, err := os.Stat(filepath.Join(dir, s.Name, sequenceFile)); err != nil || !strings.HasPrefix(s.Name, partitionPrefix) || s.Name != filepath.Base(s.Name) {
			return nil, corrupt(dir, fmt.Errorf("partition %q is missing", cut(s.Name, maxIDBytes)))
		}
	}
	return spans, nil
}

// writeSpans makes the list of partitions durable.
func writeSpans(dir string, parts []*partition) error {
	spans := make([]span, len(parts))
	for i, p := range parts {
		spans[i] = p.span
	}
	text, err := json.MarshalIndent(spans, "", "\t")
	if err == nil {
		err = replaceFile(filepath.Join(dir, partitionsFile), append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write list of partitions: %w", err)
	}
	return nil
}

// replaceFile puts text in the place of what the file held, whole or not at all.
func replaceFile(path string, text []byte) error {
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// place returns the partition of a month. A month that has none joins its
// nearest neighbor, until that holds enough articles for the month to get a
// partition of its own.
func (e *Engine) place(month string) (*partition, error) {
	i := slices.IndexFunc(e.parts, func(p *partition) bool { return month <= p.To })
	if i >= 0 && e.parts[i].has(month) {
		return e.parts[i], nil
	}
	if i < 0 {
		i = len(e.parts)
	}
	if len(e.parts) == 0 {
		return e.insert(0, month)
	}
	near := nearest(e.parts, i, month)
	if len(e.parts) < maxPartitions && near.state.live >= max(e.cfg.PartitionArticles, e.current.Load().live/partitionShare) {
		return e.insert(i, month)
	}
	old := near.span
	near.From, near.To = min(near.From, month), max(near.To, month)
	if err := writeSpans(e.cfg.Dir, e.parts); err != nil {
		near.span = old
		return nil, err
	}
	return near, nil
}

// nearest returns the neighbor, of a month between the partitions before and at
// i, that is nearer in time.
func nearest(parts []*partition, i int, month string) *partition {
	switch {
	case i == 0:
		return parts[0]
	case i == len(parts):
		return parts[i-1]
	case monthNumber(month)-monthNumber(parts[i-1].To) <= monthNumber(parts[i].From)-monthNumber(month):
		return parts[i-1]
	default:
		return parts[i]
	}
}

// monthNumber counts months; what is no month is 0.
func monthNumber(month string) int {
	t, err := time.Parse(monthLayout, month)
	if err != nil {
		return 0
	}
	return 12*t.Year() + int(t.Month())
}

const monthLayout = "2006-01"

// insert makes a new partition of one month at the place i.
func (e *Engine) insert(i int, month string) (*partition, error) {
	e.made++
	p := e.partition(span{Name: fmt.Sprintf("%s%s-%x-%d", partitionPrefix, month, time.Now().UnixNano(), e.made), From: month, To: month})
	if err := os.Mkdir(p.dir, 0o700); err != nil {
		return nil, fmt.Errorf("make partition: %w", err)
	}
	if err := noteSequence(p.dir, 0); err != nil {
		return nil, err
	}
	if err := p.open(); err != nil {
		return nil, err
	}
	parts := slices.Insert(slices.Clone(e.parts), i, p)
	if err := writeSpans(e.cfg.Dir, parts); err != nil {
		return nil, errors.Join(err, p.shutDown())
	}
	e.parts = parts
	return p, nil
}

// monthOf returns the month whose partition a change belongs to; empty if it
// does not say.
func monthOf(c *news.Change) string {
	if monthNumber(c.Partition) != 0 {
		return c.Partition
	}
	return ""
}

// guessMonth returns a month for a change that does not say, of an article that
// is not held.
func (e *Engine) guessMonth(c *news.Change) string {
	month := news.PartitionOf(e.cfg.Now())
	if c.Article != nil {
		month = c.Article.Partition
		if month == "" {
			month = news.PartitionOf(c.Article.PublishedAt)
		}
	}
	if monthNumber(month) == 0 {
		return "9999-12" // years of five digits
	}
	return month
}
