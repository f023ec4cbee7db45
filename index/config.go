package index

import (
	"context"
	"time"

	"broadsheet.example/news"
)

// Library is where an engine reads what it does not keep itself.
type Library interface {
	// Articles returns the articles with the ids; unknown ones are left out.
	Articles(ctx context.Context, ids ...string) ([]news.Article, error)
	// Entities returns the entities with the ids; unknown ones are left out.
	Entities(ctx context.Context, ids ...string) ([]news.Entity, error)
}

// Config says how an engine works. Only Dir is required.
type Config struct {
	// Dir is the engine's own directory; it is made when it does not exist.
	Dir string
	// CacheBytes bounds the memory of decoded postings; 0 means
	// DefaultCacheBytes.
	CacheBytes int64
	// BatchBytes and BatchDocs bound what is written at once; 0 means
	// DefaultBatchBytes and DefaultBatchDocs.
	BatchBytes, BatchDocs int
	// QueryTime and QueryPostings bound what one search may cost; 0 means
	// DefaultQueryTime and DefaultQueryPostings. Beyond them a search fails with
	// a *news.CostError.
	QueryTime     time.Duration
	QueryPostings int64
	// PartitionArticles is how many articles a partition holds at least before
	// the month after it gets one of its own; 0 means DefaultPartitionArticles.
	PartitionArticles int
	// Plain leaves out what feedback and pairs of words add to scores: what remains
	// is the formula alone.
	Plain bool
	// Now is the clock; nil means time.Now.
	Now func() time.Time

	inversion inversion // newInversion if not set
}

// Defaults of a Config.
const (
	DefaultCacheBytes = 128 << 20
	DefaultBatchBytes = 256 << 20 // of analysed articles in memory, about a tenth of that in text
	DefaultBatchDocs  = 1000
	// DefaultPartitionArticles is few enough to be searched as fast in one piece.
	DefaultPartitionArticles = 20_000
	// DefaultQueryTime is more than any sensible search takes: what runs longer
	// keeps others from their turn.
	DefaultQueryTime = 10 * time.Second
	// DefaultQueryPostings is about two seconds of decoding: ten common words
	// over ten million articles.
	DefaultQueryPostings = 50_000_000
)

func (c *Config) setDefaults() {
	if c.CacheBytes <= 0 {
		c.CacheBytes = DefaultCacheBytes
	}
	if c.BatchBytes <= 0 {
		c.BatchBytes = DefaultBatchBytes
	}
	if c.BatchDocs <= 0 {
		c.BatchDocs = DefaultBatchDocs
	}
	if c.PartitionArticles <= 0 {
		c.PartitionArticles = DefaultPartitionArticles
	}
	if c.QueryTime <= 0 {
		c.QueryTime = DefaultQueryTime
	}
	if c.QueryPostings <= 0 {
		c.QueryPostings = DefaultQueryPostings
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.inversion == (inversion{}) {
		c.inversion = newInversion()
	}
}
