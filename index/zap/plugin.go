package zap

import (
	"fmt"
	"sync"

	indexapi "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	zapx "github.com/blevesearch/zapx/v17"
)

// Plugin is zapx with another way of building segments. It is safe for concurrent
// use; the zero value is ready.
type Plugin struct {
	zapx.ZapPlugin
	builders sync.Pool
}

// New is NewUsing without settings.
func (p *Plugin) New(docs []indexapi.Document) (segment.Segment, uint64, error) {
	return p.NewUsing(docs, nil)
}

// NewUsing builds a segment in memory and returns it with its size. Anything but
// documents of this package is left to zapx.
func (p *Plugin) NewUsing(docs []indexapi.Document, config map[string]any) (segment.Segment, uint64, error) {
	own := documents(docs)
	if len(own) == 0 {
		return p.ZapPlugin.NewUsing(docs, config)
	}
	b, ok := p.builders.Get().(*builder)
	if !ok {
		b = newBuilder()
	}
	defer p.builders.Put(b)
	built, err := b.build(own)
	if err != nil {
		return nil, 0, fmt.Errorf("build segment: %w", err)
	}
	stats, ok := config[segment.StatsKey].(*segment.Stats)
	if !ok {
		stats = new(segment.Stats)
	}
	s, err := zapx.InitSegmentBase(built.bytes, built.checksum, zapx.DefaultChunkMode, uint64(len(own)), built.stored, built.fields, config, stats)
	if err != nil {
		return nil, 0, fmt.Errorf("open segment in memory: %w", err)
	}
	return s, uint64(len(built.bytes)), nil
}

// documents returns the documents if they all are this package's.
func documents(docs []indexapi.Document) []*Document {
	own := make([]*Document, len(docs))
	for i, d := range docs {
		var ok bool
		if own[i], ok = d.(*Document); !ok {
			return nil
		}
	}
	return own
}
