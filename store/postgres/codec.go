package postgres

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

// codec packs texts. It is safe for concurrent use.
type codec struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
}

func newCodec(concurrency int) (*codec, error) {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(concurrency),
		zstd.WithWindowSize(window), zstd.WithLowerEncoderMem(true), zstd.WithEncoderCRC(true))
	if err != nil {
		return nil, err
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(concurrency), zstd.WithDecoderMaxMemory(maxDecoded))
	if err != nil {
		return nil, err
	}
	return &codec{enc: enc, dec: dec}, nil
}

func (c *codec) close() error {
	c.dec.Close()
	return c.enc.Close()
}

func (c *codec) pack(text string) []byte {
	return c.enc.EncodeAll([]byte(text), make([]byte, 0, len(text)/2+64))
}

func (c *codec) unpack(b []byte) (string, error) {
	text, err := c.dec.DecodeAll(b, nil)
	if err != nil {
		return "", fmt.Errorf("unpack text: %w", err)
	}
	return string(text), nil
}

func (c *codec) packJSON(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return c.enc.EncodeAll(b, make([]byte, 0, len(b)/2+64)), nil
}

func (c *codec) unpackJSON(b []byte, v any) error {
	if len(b) == 0 {
		return nil
	}
	text, err := c.dec.DecodeAll(b, nil)
	if err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	return json.Unmarshal(text, v)
}
