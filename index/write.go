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
// context is done; then the batch goes on by itself. The caller holds writing.
//
// After a failure the view stays as it was, so that what is tried again is not
// taken for done, and Bleve is opened anew before the next batch: its state in
// memory holds what is not on disk, and some of that it has closed already.
func (e *Engine) write(ctx context.Context, b *indexapi.Batch) error {
	e.sequence++
	b.SetInternal(sequenceKey(), binary.BigEndian.AppendUint64(nil, e.sequence))
	done := make(chan error, 1)
	s := e.scorch
	go func() {
		var err error
		defer func() { done <- err }()
		defer recovered(&err)
		err = s.Batch(b)
	}()
	e.pending = done
	return e.settle(ctx)
}

// settle waits for a batch that is still being written, if any.
func (e *Engine) settle(ctx context.Context) error {
	if e.pending == nil {
		return nil
	}
	select {
	case err := <-e.pending:
		e.pending, e.failed = nil, err != nil
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ready makes the engine fit for writing after whatever happened before.
func (e *Engine) ready(ctx context.Context) error {
	late := e.pending != nil
	err := e.settle(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		e.log.Warn("a batch has failed after its caller gave up", "err", err)
	}
	if e.failed {
		return e.revive()
	}
	if late {
		return e.renew()
	}
	return nil
}

// revive opens Bleve anew from what is on disk. Searches go on with the view
// they have.
func (e *Engine) revive() error {
	if e.scorch != nil {
		if err := closeScorch(e.scorch); err != nil {
			e.log.Warn("close index after a failure", "err", err)
		}
		e.scorch = nil
	}
	s, err := openScorch(e.cfg.Dir, e.queue)
	if err != nil {
		return fmt.Errorf("open index again: %w", err)
	}
	e.scorch, e.failed = s, false
	e.instance++
	return e.renew()
}

// shutDown ends writing for good.
func (e *Engine) shutDown() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeWait)
	defer cancel()
	err := e.settle(ctx)
	if e.scorch == nil {
		return err
	}
	return errors.Join(err, closeScorch(e.scorch))
}
