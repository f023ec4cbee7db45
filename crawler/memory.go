package crawler

import (
	"encoding/json"
	"time"

	"broadsheet.example/store"
)

// memoryNote is the note of a feed's state that holds its memory.
const memoryNote = "crawler"

// memory is what polling remembers of a feed besides its validators.
type memory struct {
	// Every is the interval that the feed's rhythm has led to so far.
	Every time.Duration `json:"every,omitempty"`
	// Gap is the usual time between two items by their own dates, and Newest the
	// date of the newest; zero when the items are undated.
	Gap    time.Duration `json:"gap,omitempty"`
	Newest time.Time     `json:"newest,omitzero"`

	// What the feed asks of its readers.
	Asked     time.Duration  `json:"asked,omitempty"`
	SkipHours []int          `json:"skipHours,omitempty"`
	SkipDays  []time.Weekday `json:"skipDays,omitempty"`

	Large bool `json:"large,omitempty"` // its body is larger than largeBody
	// Whole is when a body last came, and not "not modified".
	Whole time.Time `json:"whole,omitzero"`
	// Lying: the server says "not modified" of what has been. Its validators
	// are not sent any more.
	Lying bool `json:"lying,omitempty"`

	Moved move      `json:"moved,omitzero"`
	Gone  time.Time `json:"gone,omitzero"` // first 410
}

// move is a permanent redirect that is being watched.
type move struct {
	To    string    `json:"to,omitempty"`
	Since time.Time `json:"since,omitzero"`
	Seen  int       `json:"seen,omitempty"`
}

// recall reads the memory from a feed's state; what cannot be read is
// forgotten.
func recall(s store.FeedState) memory {
	var m memory
	if json.Unmarshal([]byte(s.Notes[memoryNote]), &m) != nil {
		return memory{}
	}
	return m
}

// remember returns notes that hold m.
func (m memory) remember() map[string]string {
	text, err := json.Marshal(m)
	if err != nil { // a date beyond the year 9999
		return nil
	}
	return map[string]string{memoryNote: string(text)}
}
