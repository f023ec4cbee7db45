package fetch

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

const (
	// A body that brings less than minRate in a rateWindow is given up.
	rateWindow = 10 * time.Second
	minRate    = 10 << 10
	// A body that grows more than maxRatio times in decoding is a bomb, once it
	// has reached ratioFrom bytes.
	maxRatio  = 100
	ratioFrom = 1 << 20
	// maxWindow bounds the memory of a zstd decoder.
	maxWindow = 8 << 20
)

// meter counts the bytes that come in from the network.
type meter struct {
	r io.Reader
	n atomic.Int64
}

// Read reads and counts.
func (m *meter) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	m.n.Add(int64(n))
	return n, err
}

// watch calls cancel when too little comes in. It ends with done.
func (m *meter) watch(done <-chan struct{}, cancel context.CancelCauseFunc) {
	tick := time.NewTicker(rateWindow)
	defer tick.Stop()
	last := int64(0)
	for {
		select {
		case <-done:
			return
		case <-tick.C:
		}
		n := m.n.Load()
		if n-last < minRate {
			cancel(errSlow)
			return
		}
		last = n
	}
}

// readBody reads and decodes a body. Whether it ended too early is no error.
// With errTooLarge it returns the beginning.
func readBody(m *meter, encoding string, limit int64) (body []byte, truncated bool, err error) {
	r, closer, err := decode(m, encoding)
	if err != nil {
		return nil, false, err
	}
	defer closer()
	body, err = io.ReadAll(&bounded{r: r, wire: &m.n, limit: limit})
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) && len(body) > 0 {
		return body, true, nil
	}
	return body, false, err
}

// bounded ends with an error when too much was read from r.
type bounded struct {
	r        io.Reader
	wire     *atomic.Int64
	n, limit int64
}

// Read reads, and hands out no byte beyond the limit.
func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.n += int64(n)
	if over := b.n - b.limit; over > 0 {
		return n - int(over), errTooLarge
	}
	if b.n > ratioFrom && b.n > maxRatio*b.wire.Load() {
		return n, errBomb
	}
	return n, err
}

// decode undoes the compression that the server declares: at most one layer.
func decode(m *meter, encoding string) (io.Reader, func(), error) {
	r := bufio.NewReader(m)
	name, err := layer(encoding)
	if err != nil {
		return nil, nil, err
	}
	head, err := r.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, err
	}
	none := func() {}
	switch {
	case len(head) == 0:
	case name == "gzip" && len(head) == 2 && head[0] == 0x1f && head[1] == 0x8b:
		z, err := gzip.NewReader(r)
		return z, none, err
	case name == "deflate" && len(head) == 2 && head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0:
		z, err := zlib.NewReader(r)
		return z, none, err
	case name == "deflate":
		return flate.NewReader(r), none, nil
	case name == "br":
		return brotli.NewReader(r), none, nil
	case name == "zstd":
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, nil, err
		}
		return z, z.Close, nil
	}
	return r, none, nil // also what is called gzip and is plain
}

// layer returns the one compression in a Content-Encoding, "" for none.
func layer(encoding string) (string, error) {
	found := ""
	for name := range strings.SplitSeq(strings.ToLower(encoding), ",") {
		name = strings.TrimSpace(name)
		switch name {
		case "", "identity", "none", "utf-8":
			continue
		case "x-gzip":
			name = "gzip"
		case "gzip", "deflate", "br", "zstd":
		default:
			return "", fmt.Errorf("%w %q", errEncoding, name)
		}
		if found != "" {
			return "", errLayers
		}
		found = name
	}
	return found, nil
}
