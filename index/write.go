package index

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	indexapi "github.com/blevesearch/bleve_index_api"
)

// closeWait is how long Close waits for a batch whose caller has given up.
const closeWait = 3 * time.Second

// write hands a batch to Bleve and returns when it is durable, or when the
// context is done; then the batch goes on by itself.
//
// After a failure the view stays as it was, so that what is tried again is not
// taken for done, and Bleve is opened anew before the next batch: its state in
// memory holds what is not on disk, and some of that it has closed already.
func (p *partition) write(ctx context.Context, b *indexapi.Batch) error {
	p.sequence++
	b.SetInternal(sequenceKey(), binary.BigEndian.AppendUint64(nil, p.sequence))
	done := make(chan error, 1)
	s := p.scorch
	go func() {
		var err error
		defer func() { done <- err }()
		defer recovered(&err)
		err = s.Batch(b)
	}()
	p.pending, p.dirty, p.written = done, true, p.now()
	return p.settle(ctx)
}

// settle waits for a batch that is still being written, if any.
func (p *partition) settle(ctx context.Context) error {
	if p.pending == nil {
		return nil
	}
	select {
	case err := <-p.pending:
		p.pending, p.failed = nil, err != nil
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ready makes the partition fit for writing after whatever happened before.
func (p *partition) ready(ctx context.Context) error {
	late := p.pending != nil
	err := p.settle(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		p.log.Warn("a batch has failed after its caller gave up", "err", err)
	}
	if p.failed {
		return p.revive()
	}
	if late {
		return p.renew()
	}
	return nil
}

// revive opens Bleve anew from what is on disk. Searches go on with the view
// they have.
func (p *partition) revive() error {
	if p.scorch != nil {
		if err := closeScorch(p.scorch); err != nil {
			p.log.Warn("close index after a failure", "err", err)
		}
		p.scorch = nil
	}
	s, err := openScorch(p.dir, p.queue)
	if err != nil {
		return fmt.Errorf("open index again: %w", err)
	}
	p.scorch, p.failed, p.instance = s, false, p.instances.Add(1)
	return p.renew()
}

// shutDown ends writing for good.
func (p *partition) shutDown() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeWait)
	defer cancel()
	err := p.settle(ctx)
	if p.state != nil {
		err = errors.Join(err, p.state.release())
	}
	if p.scorch == nil {
		return err
	}
	return errors.Join(err, closeScorch(p.scorch))
}
