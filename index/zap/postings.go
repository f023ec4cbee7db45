package zap

import (
	"encoding/binary"

	"github.com/RoaringBitmap/roaring/v2"
)

// postingsWriter writes the postings of a term: frequencies and lengths, then
// locations, both in chunks of documents with the ends of the chunks before them,
// then where those two are, and the documents as a bitmap.
type postingsWriter struct {
	address     uint64 // of the postings written last
	freqs, locs chunks
	docs        []uint32
	bitmap      []byte
}

// chunks are numbers, cut at certain documents.
type chunks struct {
	data []byte
	ends []uint64
}

// reset begins a list of count chunks, all empty.
func (c *chunks) reset(count int) {
	c.data = c.data[:0]
	c.ends = append(c.ends[:0], make([]uint64, count)...)
}

// end notes that all before a chunk, and what was written of it, is there.
func (c *chunks) end(chunk int) {
	for ; chunk < len(c.ends); chunk++ {
		c.ends[chunk] = uint64(len(c.data))
	}
}

// appendTo appends the chunks and returns where they begin, 0 when they are empty.
func (c *chunks) appendTo(out []byte) ([]byte, uint64) {
	if len(c.data) == 0 {
		return out, 0
	}
	at := uint64(len(out))
	out = binary.AppendUvarint(out, uint64(len(c.ends)))
	for _, end := range c.ends {
		out = binary.AppendUvarint(out, end)
	}
	return append(out, c.data...), at
}

// chunkPostings is how many postings of a term make a chunk, roughly.
const chunkPostings = 1024

// appendPostings appends the postings of a term of a field, whose number is field, in a
// segment of size documents.
func (w *postingsWriter) appendPostings(out []byte, field uint64, cells []cell, uses []use, size int) []byte {
	width := size / (len(uses)/chunkPostings + 1)
	count := (size-1)/width + 1
	w.freqs.reset(count)
	w.locs.reset(count)
	chunk := 0
	w.docs = w.docs[:0]
	for _, u := range uses {
		c := &cells[u.cell]
		if at := int(c.doc) / width; at != chunk {
			w.freqs.end(chunk)
			w.locs.end(chunk)
			chunk = at
		}
		t := &c.terms[u.at]
		w.docs = append(w.docs, c.doc)
		w.freqs.data = appendFreq(w.freqs.data, t, c.length)
		w.locs.data = appendLocations(w.locs.data, field, t.Positions)
	}
	w.freqs.end(chunk)
	w.locs.end(chunk)
	out, freqs := w.freqs.appendTo(out)
	out, locs := w.locs.appendTo(out)
	w.address = uint64(len(out))
	out = appendUvarints(out, freqs, locs)
	w.bitmap = appendBitmap(w.bitmap[:0], w.docs)
	out = binary.AppendUvarint(out, uint64(len(w.bitmap)))
	return append(out, w.bitmap...)
}

// appendFreq appends the frequency, with a bit that tells whether there are
// locations, and unless it is 0 the length of the field.
func appendFreq(b []byte, t *Term, length int) []byte {
	freq := t.Freq << 1
	if len(t.Positions) > 0 {
		freq |= 1
	}
	b = binary.AppendUvarint(b, freq)
	if t.Freq > 0 {
		b = binary.AppendUvarint(b, uint64(uint32(length)))
	}
	return b
}

// appendLocations appends the length of the locations, and of each the field, the
// position, and three zeros: no offsets in the text, no positions in an array.
func appendLocations(b []byte, field uint64, positions []uint32) []byte {
	if len(positions) == 0 {
		return b
	}
	const zeros = 3
	length := len(positions) * (uvarintLen(field) + zeros)
	for _, pos := range positions {
		length += uvarintLen(uint64(pos))
	}
	b = binary.AppendUvarint(b, uint64(length))
	for _, pos := range positions {
		b = binary.AppendUvarint(b, field)
		b = binary.AppendUvarint(b, uint64(pos))
		b = append(b, 0, 0, 0)
	}
	return b
}

// uvarintLen is the length of a number as it is written.
func uvarintLen(v uint64) int {
	n := 1
	for ; v >= 0x80; v >>= 7 {
		n++
	}
	return n
}

// What a bitmap consists of, of which only the simplest kind is written here: one
// container, a sorted array of 16-bit numbers.
const (
	bitmapCookie    = 12346 // no container holds runs
	bitmapHeader    = 16    // where the first of one container begins
	containerArray  = 4096  // numbers that an array holds
	containerValues = 1 << 16
)

// appendBitmap appends the documents, which ascend.
func appendBitmap(b []byte, docs []uint32) []byte {
	if len(docs) > containerArray || docs[len(docs)-1] >= containerValues {
		return appendLargeBitmap(b, docs)
	}
	b = binary.LittleEndian.AppendUint32(b, bitmapCookie)
	b = binary.LittleEndian.AppendUint32(b, 1)
	b = binary.LittleEndian.AppendUint16(b, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(docs)-1))
	b = binary.LittleEndian.AppendUint32(b, bitmapHeader)
	for _, doc := range docs {
		b = binary.LittleEndian.AppendUint16(b, uint16(doc))
	}
	return b
}

func appendLargeBitmap(b []byte, docs []uint32) []byte {
	bytes, err := roaring.BitmapOf(docs...).ToBytes()
	if err != nil {
		panic(err) // writing to memory does not fail
	}
	return append(b, bytes...)
}
