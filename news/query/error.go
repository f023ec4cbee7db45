package query

import "fmt"

// SyntaxError says where a query cannot be read and what would be right there.
// [Parse] fails with no other error.
type SyntaxError struct {
	// Offset is the position in bytes, from 0, where the trouble begins.
	Offset int
	// Problem is what stands there, in plain words.
	Problem string
	// Expected is what would be right, in plain words.
	Expected string
}

// Error says it in one sentence for people.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("query, offset %d: %s; expected %s", e.Offset, e.Problem, e.Expected)
}
