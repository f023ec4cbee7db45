package index

import "strconv"

// Stats says what an engine holds, for an operator.
type Stats struct {
	Articles   int
	Tombstones int
	Segments   int
	CacheBytes int64 // of decoded postings
	// ColumnBytes is the memory of the columns, without the dictionaries of
	// facets' values.
	ColumnBytes int64
	Snapshots   int    // held for cursors
	Generation  uint64 // of the state that is searched; rises with every change
}

// State names what is searched now; it changes when that does.
func (e *Engine) State() string { return strconv.FormatUint(e.Stats().Generation, 10) }

// Stats returns what the engine holds now.
func (e *Engine) Stats() Stats {
	if e.enter() != nil {
		return Stats{}
	}
	defer e.leave()
	v := e.acquire()
	defer e.release(v)
	st := Stats{Articles: v.live, Segments: len(v.segments), Generation: v.generation, CacheBytes: e.cache.size(), Snapshots: e.held.size()}
	for _, s := range v.segments {
		st.ColumnBytes += s.cols.bytes()
		if s.cols.tombs != nil {
			b := s.cols.tombs.clone()
			b.removeAll(s.deleted)
			st.Tombstones += b.count()
		}
	}
	return st
}
