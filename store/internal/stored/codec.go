// Package stored holds the forms in which a store keeps what it is given, and
// the bounds of what it keeps: texts packed, URL keys hashed, drafts made ready.
//
// It is what the implementations of [store.Store] have in common and knows no
// database. Start reading at [Codec.Prepare].
package stored

import (
	"encoding/json"
	"fmt"

	"github.com/klauspost/compress/zstd"
)

const (
	// maxDecoded bounds what a stored text may unfold to. It leaves room for
	// the JSON escapes of the longest text that is accepted.
	maxDecoded = 128 << 20
	// window suits texts of a few kilobytes; a larger one costs memory only.
	window = 256 << 10
)

// Codec packs texts. It is safe for concurrent use.
type Codec struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
}

// NewCodec makes a codec for as many callers at once.
func NewCodec(concurrency int) (*Codec, error) {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(concurrency),
		zstd.WithWindowSize(window), zstd.WithLowerEncoderMem(true), zstd.WithEncoderCRC(true))
	if err != nil {
		return nil, err
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(concurrency), zstd.WithDecoderMaxMemory(maxDecoded))
	if err != nil {
		return nil, err
	}
	return &Codec{enc: enc, dec: dec}, nil
}

// Close gives the codec's memory back.
func (c *Codec) Close() error {
	c.dec.Close()
	return c.enc.Close()
}

// Pack is the stored form of a text.
func (c *Codec) Pack(text string) []byte {
	return c.enc.EncodeAll([]byte(text), make([]byte, 0, len(text)/2+64))
}

// Unpack is the text that Pack was given.
func (c *Codec) Unpack(b []byte) (string, error) {
	text, err := c.dec.DecodeAll(b, nil)
	if err != nil {
		return "", fmt.Errorf("unpack text: %w", err)
	}
	return string(text), nil
}

// PackJSON is the stored form of a value.
func (c *Codec) PackJSON(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return c.enc.EncodeAll(b, make([]byte, 0, len(b)/2+64)), nil
}

// UnpackJSON reads what PackJSON made into v, which stays as it is when there is
// nothing.
func (c *Codec) UnpackJSON(b []byte, v any) error {
	if len(b) == 0 {
		return nil
	}
	text, err := c.dec.DecodeAll(b, nil)
	if err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	return json.Unmarshal(text, v)
}
