package store

import "context"

// Fingerprints finds articles whose texts may be near-identical. What a
// fingerprint means is its maker's business: the store compares bands only.
type Fingerprints interface {
	// SetFingerprints stores the fingerprints of articles, in place of earlier
	// ones. One without bands is forgotten.
	SetFingerprints(ctx context.Context, prints ...Fingerprint) error
	// Similar returns at most n fingerprints of live articles that share a band
	// with bands, those that share most first.
	Similar(ctx context.Context, bands []uint32, n int) ([]Fingerprint, error)
	// Fingerprint returns the article's own, or ErrNotFound.
	Fingerprint(ctx context.Context, articleID string) (Fingerprint, error)
	// SetDuplicate says that the article repeats another, or nobody when of is
	// empty. It raises the version and tells the readers if that is news. An
	// article that is unknown, taken down or the other one itself stays as it is.
	SetDuplicate(ctx context.Context, articleID, of string) (Committed, error)
	// Repeating lists the articles that are said to repeat the article.
	Repeating(ctx context.Context, articleID string) ([]string, error)
}

// Fingerprint stands for the text of an article.
type Fingerprint struct {
	ArticleID string
	Hash      uint64   // near-identical texts have hashes that differ in few bits
	Bands     []uint32 // near-identical texts share at least one, at the same place
}
