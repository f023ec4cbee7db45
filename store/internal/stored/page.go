package stored

import (
	"crypto/sha256"
	"net/url"
	"slices"
	"strings"
	"time"

	"broadsheet.example/store"
)

const (
	// MaxFeedsOfPage bounds of how many feeds a page remembers what they said.
	MaxFeedsOfPage = 16
	// MaxRest bounds the rest that is remembered of a host. Longer ones were a
	// server's Retry-After, not the pace it can be visited at.
	MaxRest = time.Minute
)

// Hash is the stored form of a URL key.
func Hash(key string) []byte {
	sum := sha256.Sum256([]byte(key))
	return sum[:16]
}

// Union is a with what b has beside it, up to the bound of a draft's keys. It
// is never nil.
func Union(a, b []string) []string {
	kept := []string{}
	for _, s := range slices.Concat(a, b) {
		if len(kept) == store.MaxKeys {
			break
		}
		if s != "" && !slices.Contains(kept, s) {
			kept = append(kept, s)
		}
	}
	return kept
}

// Known reports whether there is such a state of a page.
func Known(s store.PageState) bool {
	switch s {
	case store.PagePending, store.PageDone, store.PageRefused, store.PageGone, store.PageFailed:
		return true
	}
	return false
}

// HostOf is the host and port of an address, empty when it has none.
func HostOf(rawURL string) string {
	u, err := url.Parse(rawURL)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}

// Placed gives each band of a fingerprint its place.
func Placed(bands []uint32) []int64 {
	out := make([]int64, len(bands))
	for i, b := range bands {
		out[i] = int64(i)<<32 | int64(b)
	}
	return out
}
