package news

import (
	"errors"
	"fmt"
)

// Errors that cross package boundaries. Callers test for them with errors.Is.
var (
	// ErrNotFound: no such article, feed, source or revision.
	ErrNotFound = errors.New("not found")
	// ErrRemoved: the article was taken down; it is never crawled again.
	ErrRemoved = errors.New("removed")
	// ErrCursorExpired: the snapshot a cursor names is no longer held.
	ErrCursorExpired = errors.New("cursor expired: repeat the search without it")
	// ErrTooDeep: the page asked for lies deeper than paging reaches.
	ErrTooDeep = errors.New("page too deep: use nextCursor, or export")
	// ErrUnavailable: the part asked is not ready or refuses work for now; the
	// same call may succeed later.
	ErrUnavailable = errors.New("unavailable")
	// ErrDiskFull: writing stopped for want of disk space; it resumes by
	// itself when there is space again.
	ErrDiskFull = errors.New("disk full: free some space; writing resumes by itself")
)

// CostError is a query that an engine refuses since answering it would cost more
// than one query may: it is not the engine that is busy, the query must change.
type CostError struct {
	// Clause is the part of the query that costs most, in normal form.
	Clause string
}

// Error names the clause and the remedy.
func (e *CostError) Error() string {
	return fmt.Sprintf("the query would cost too much because of %s: make that part longer or leave it out, or narrow the search by date or source", e.Clause)
}

// ParamError is a value that the caller must change.
type ParamError struct {
	Param  string // the parameter's name in the API
	Value  string // what was given
	Reason string // what is wrong and what would be right
}

// Error names the parameter, the value and the remedy.
func (e *ParamError) Error() string {
	if e.Value == "" {
		return fmt.Sprintf("%s: %s", e.Param, e.Reason)
	}
	return fmt.Sprintf("%s %q: %s", e.Param, e.Value, e.Reason)
}
