//go:build race

package extract_test

// raced says that the race detector is at work: pools then drop what they are
// given, and the same page allocates several times as much.
const raced = true
