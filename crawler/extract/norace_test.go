//go:build !race

package extract_test

// raced says that the race detector is at work.
const raced = false
