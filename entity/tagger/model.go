package tagger

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
)

// The file of a model: the magic word, the number of rows as a power of two
// and of tags, the largest weight, the transitions, the number of rows that are
// not empty, and these, each with its distance from the one before, a set of tags, and for
// each a weight: the square root of its share of the largest, in 127ths.
const (
	magic   = "BSNER2\n"
	codes   = 127
	maxRows = 1 << rowBits
)

var errModel = errors.New("not a model of this version")

// averaged is a model as it was trained: weights for every row and tag.
type averaged struct {
	weights []float32 // row by row
	trans   [tags + 1][tags]float32
}

// write writes the model without the weights whose size is prune or less.
func (a *averaged) write(w io.Writer, prune float32) error {
	largest := float32(0)
	for _, v := range a.weights {
		largest = max(largest, abs(v))
	}
	out := append([]byte(magic), rowBits, tags)
	out = binary.LittleEndian.AppendUint32(out, math.Float32bits(largest))
	for _, from := range a.trans {
		for _, v := range from {
			out = binary.LittleEndian.AppendUint32(out, math.Float32bits(v))
		}
	}
	count := len(out)
	out = append(out, 0, 0, 0, 0)
	before, kept := 0, uint32(0)
	for r := range maxRows {
		set, code := encodeRow(a.weights[r*tags:(r+1)*tags], largest, prune)
		if set == 0 {
			continue
		}
		out = binary.AppendUvarint(out, uint64(r-before))
		out = binary.AppendUvarint(out, uint64(set))
		out = append(out, code...)
		before = r
		kept++
	}
	binary.LittleEndian.PutUint32(out[count:], kept)
	_, err := w.Write(out)
	return err
}

// add adds share times the weights of b.
func (a *averaged) add(b *averaged, share float32) {
	for i, v := range b.weights {
		a.weights[i] += share * v
	}
	for from := range b.trans {
		for to, v := range b.trans[from] {
			a.trans[from][to] += share * v
		}
	}
}

// reserve makes the beginning of every name that is shown cost more.
func (a *averaged) reserve(cost float32) {
	for from := range a.trans {
		for k := 1; k < free; k++ {
			if t := freshAt(k); t.class().entityType() != "" {
				a.trans[from][t] -= cost
			}
		}
	}
}

// parsed returns the model as it would be read back.
func (a *averaged) parsed() (*parsed, error) {
	var b strings.Builder
	if err := a.write(&b, 0); err != nil {
		return nil, err
	}
	return parse(b.String())
}

// encodeRow returns which weights of a row are kept, and their codes.
func encodeRow(weights []float32, largest, prune float32) (set uint32, code []byte) {
	for t, v := range weights {
		if abs(v) <= prune {
			continue
		}
		c := math.Round(codes * math.Sqrt(float64(abs(v)/largest)))
		if c == 0 {
			continue
		}
		if v < 0 {
			c = -c
		}
		set |= 1 << t
		code = append(code, byte(int8(c)))
	}
	return set, code
}

func abs(v float32) float32 { return float32(math.Abs(float64(v))) }

// parsed is a model as it is used: in units of which the largest weight has
// maxUnit.
type parsed struct {
	rows  table
	trans transitions
}

// parse reads a model's file.
func parse(data string) (*parsed, error) {
	const head = len(magic) + 2 + 4 + 4*(tags+1)*tags + 4
	if len(data) < head || data[:len(magic)] != magic || data[len(magic)] != rowBits || data[len(magic)+1] != tags {
		return nil, errModel
	}
	at := len(magic) + 2
	number := func() uint32 {
		at += 4
		return binary.LittleEndian.Uint32([]byte(data[at-4 : at]))
	}
	float := func() float64 { return float64(math.Float32frombits(number())) }
	m := &parsed{}
	// A weight relative to outside may be twice as large as one by itself.
	unit := 2 * float() / maxUnit
	for from := range m.trans {
		for to := range m.trans[from] {
			m.trans[from][to] = int32(math.Round(float() / unit))
		}
	}
	kept := number()
	if kept > maxRows {
		return nil, errModel
	}
	numbers, rows, err := parseRows(data[at:], int(kept))
	if err != nil {
		return nil, err
	}
	m.rows = newTable(numbers, rows)
	return m, nil
}

// parseRows reads n rows and their numbers.
func parseRows(data string, n int) (numbers []uint32, rows []row, err error) {
	numbers, rows = make([]uint32, 0, n), make([]row, 0, n)
	value := decodeTable()
	number := uint64(0)
	for range n {
		step, j := uvarint(data)
		set, k := uvarint(data[j:])
		data = data[j+k:]
		number += step
		if j == 0 || k == 0 || number >= maxRows || set >= 1<<tags {
			return nil, nil, fmt.Errorf("row %d: %w", len(rows), errModel)
		}
		var w scores
		for t := range w {
			if set&(1<<t) == 0 {
				continue
			}
			if data == "" {
				return nil, nil, fmt.Errorf("row %d: %w", len(rows), io.ErrUnexpectedEOF)
			}
			w[t] = value[data[0]]
			data = data[1:]
		}
		numbers = append(numbers, uint32(number))
		rows = append(rows, relative(&w))
	}
	return numbers, rows, nil
}

// decodeTable maps codes to weights.
func decodeTable() *[256]int32 {
	var value [256]int32
	for i := range value {
		c := float64(int8(i)) / codes
		value[i] = int32(math.Round(c * math.Abs(c) * maxUnit / 2))
	}
	return &value
}

// relative packs the weights of a row relative to that for outside.
func relative(w *scores) row {
	base := w[outside]
	for t := range w {
		w[t] = min(max(w[t]-base, -maxUnit), maxUnit)
	}
	return pack(w)
}

// uvarint reads a number as binary.Uvarint does; n is 0 when there is none.
func uvarint(s string) (v uint64, n int) {
	for n < len(s) && n < binary.MaxVarintLen64 {
		b := s[n]
		v |= uint64(b&0x7f) << (7 * n)
		n++
		if b < 0x80 {
			return v, n
		}
	}
	return 0, 0
}
