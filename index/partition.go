package index

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	indexapi "github.com/blevesearch/bleve_index_api"
)

// partition is the articles of some months, in a directory and a Bleve engine
// of their own. What changes it is called by one at a time, who holds the
// engine's lock for writing.
type partition struct {
	span
	dir       string
	queue     *indexapi.AnalysisQueue
	log       *slog.Logger
	maker     columnMaker
	now       func() time.Time
	instances *atomic.Uint64 // counts how often any partition was opened

	scorch   *scorch.Scorch
	instance uint64
	pending  chan error // outcome of a batch that is still being written; nil if none
	failed   bool       // the last batch has failed
	dirty    bool       // batches were written that state does not have yet
	sequence uint64     // number of the last batch
	written  time.Time  // when it was last written to, zero if not since it was opened
	state    *partState
}

// span is what the list of partitions says of one.
type span struct {
	Name string `json:"name"` // of its directory
	From string `json:"from"` // its first month, such as 2024-04
	To   string `json:"to"`   // its last month
}

func (s span) has(month string) bool { return s.From <= month && month <= s.To }

// partition returns a partition that is not open yet.
func (e *Engine) partition(s span) *partition {
	return &partition{
		span: s, dir: filepath.Join(e.cfg.Dir, s.Name), queue: e.queue, log: e.log,
		now: e.cfg.Now, maker: columnMaker{&e.dicts, e.cfg.inversion}, instances: &e.instances,
	}
}

// open opens what stands on disk and makes the first state.
func (p *partition) open() error {
	s, err := openScorch(p.dir, p.queue)
	if err != nil {
		return err
	}
	p.scorch, p.instance = s, p.instances.Add(1)
	return p.renew()
}

// renew makes the newest state on disk the partition's.
func (p *partition) renew() (err error) {
	defer recovered(&err)
	snapshot, err := readSnapshot(p.scorch)
	if err != nil {
		return err
	}
	sequence, err := readSequence(snapshot)
	if err == nil {
		err = checkSequence(p.dir, sequence)
	}
	if err != nil {
		return closing(snapshot, corrupt(p.dir, err))
	}
	next, err := newPartState(p.instance, snapshot, p.state, p.maker)
	if err != nil {
		return closing(snapshot, corrupt(p.dir, err))
	}
	old := p.state
	p.state, p.sequence, p.dirty = next, sequence, false
	if old != nil {
		return old.release()
	}
	return nil
}

// readSnapshot returns the state that Bleve's engine is in; the caller closes
// it.
func readSnapshot(s *scorch.Scorch) (*scorch.IndexSnapshot, error) {
	reader, err := s.Reader()
	if err != nil {
		return nil, fmt.Errorf("read index: %w", err)
	}
	snapshot, ok := reader.(*scorch.IndexSnapshot)
	if !ok {
		return nil, closing(reader, fmt.Errorf("read index: unexpected type %T", reader))
	}
	return snapshot, nil
}

// closing closes what an error leaves of no use, and returns the error.
func closing(c interface{ Close() error }, err error) error {
	_ = c.Close() // the error is what matters
	return err
}

// merged reports whether the segments on disk are not those of the state.
func (p *partition) merged() bool {
	snapshot, err := readSnapshot(p.scorch)
	if err != nil {
		return false
	}
	defer func() { _ = snapshot.Close() }() // only ends a hold
	segments, seen := snapshot.Segments(), p.state.segments
	if len(segments) != len(seen) {
		return true
	}
	for i, s := range segments {
		if segmentID(p.instance, s) != seen[i].id {
			return true
		}
	}
	return false
}

// idle reports whether nothing is being written or to be mended.
func (p *partition) idle() bool { return !p.failed && p.pending == nil }
