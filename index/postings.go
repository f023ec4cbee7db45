package index

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"broadsheet.example/index/zap"
)

// postings are the documents of one segment in which a term stands, ascending,
// with the frequencies in the three text fields. Documents that are deleted are
// among them. They never change once they are sealed.
type postings struct {
	docs  []uint32
	freqs []freqs
	// blocks cut the list at the windows of the segment, leaving out windows
	// without a document.
	blocks []block
	// averages are those that the blocks' peaks were found with.
	averages [numTextFields]float64
	// bits are the same documents as a set; nil when they are few.
	bits bitset
}

// windowSize is how many documents of a segment are scored, or passed over,
// together.
const windowSize = 256

// block is the part of a list that lies in one window.
type block struct {
	window uint32
	start  uint32  // of its documents in the list
	peak   float32 // no document's weighed frequency is higher
}

// sparse is how many documents of a segment there must be to one in the list
// for the list to go without a set.
const sparse = 64

// seal adds the blocks and the set to a list.
func (p *postings) seal(cols *columns, c *scorer) {
	p.averages = c.averages
	if len(p.docs) > cols.size/sparse {
		p.bits = newBitset(cols.size)
		for _, doc := range p.docs {
			p.bits.add(doc)
		}
	}
	w := c.bounding()
	p.blocks = make([]block, 0, min(len(p.docs), (cols.size+windowSize-1)/windowSize))
	for start := 0; start < len(p.docs); {
		window, peak, end := p.docs[start]/windowSize, 0.0, start
		for ; end < len(p.docs) && p.docs[end]/windowSize == window; end++ {
			if tf := w.weigh(cols, p.docs[end], p.freqs[end]); tf > peak {
				peak = tf
			}
		}
		p.blocks = append(p.blocks, block{window: window, start: uint32(start), peak: roundUp(peak)})
		start = end
	}
	p.blocks = slices.Clip(p.blocks)
}

// roundUp is the least float32 that is not below x.
func roundUp(x float64) float32 {
	f := float32(x)
	if float64(f) < x {
		f = math.Nextafter32(f, math.MaxFloat32)
	}
	return f
}

// end is where the block's documents end in the list.
func (p *postings) end(i int) uint32 {
	if i+1 < len(p.blocks) {
		return p.blocks[i+1].start
	}
	return uint32(len(p.docs))
}

// blockOf returns which block lies in a window, if one does.
func (p *postings) blockOf(window uint32) (int, bool) {
	if i := int(window); i < len(p.blocks) && p.blocks[i].window == window {
		return i, true // no window before it is left out
	}
	return slices.BinarySearchFunc(p.blocks, window, func(b block, w uint32) int { return cmp.Compare(b.window, w) })
}

// window sets docs to the documents of a block.
func (p *postings) window(i int, docs *[windowWords]uint64) {
	if p.bits != nil {
		copy(docs[:], p.bits.window(int(p.blocks[i].window)))
		return
	}
	for _, doc := range p.docs[p.blocks[i].start:p.end(i)] {
		docs[doc%windowSize/64] |= 1 << (doc % 64)
	}
}

// growth is by how much, at most, weighed frequencies exceed those of the
// blocks' peaks when the mean lengths are now the averages.
func (p *postings) growth(averages [numTextFields]float64) float64 {
	g := 1.0
	for f, a := range averages {
		g = max(g, a/p.averages[f])
	}
	return g
}

// entryBytes is what a list takes in the cache beside its slices: itself, its key
// and what finds it there.
const entryBytes = 350

// bytes is the size in memory.
func (p *postings) bytes() int64 {
	return int64(8*cap(p.docs)+12*cap(p.blocks)+8*len(p.bits)) + entryBytes
}

// find returns the frequencies in one document.
func (p *postings) find(doc uint32) (freqs, bool) {
	i, ok := slices.BinarySearch(p.docs, doc)
	if !ok {
		return 0, false
	}
	return p.freqs[i], true
}

func (p *postings) push(doc uint32, q freqs) {
	p.docs, p.freqs = append(p.docs, doc), append(p.freqs, q)
}

// within returns the postings of the fields in the mask.
func (p *postings) within(m fieldMask) *postings {
	out := &postings{}
	for i, q := range p.freqs {
		if q = q.within(m); q != 0 {
			out.push(p.docs[i], q)
		}
	}
	return out
}

// freqs packs how often a term stands in title (8 bits), description (8) and
// content (16); counts beyond that are capped.
type freqs uint32

func packFreq(f textField, n uint64) freqs {
	switch f {
	case titleField:
		return freqs(min(n, 0xff) << 24)
	case descriptionField:
		return freqs(min(n, 0xff) << 16)
	default:
		return freqs(min(n, 0xffff))
	}
}

func (q freqs) at(f textField) uint32 {
	switch f {
	case titleField:
		return uint32(q >> 24)
	case descriptionField:
		return uint32(q >> 16 & 0xff)
	default:
		return uint32(q & 0xffff)
	}
}

// plus adds two frequencies field by field.
func (q freqs) plus(o freqs) freqs {
	var sum freqs
	for f := range numTextFields {
		sum |= packFreq(f, uint64(q.at(f))+uint64(o.at(f)))
	}
	return sum
}

// within returns q with the fields outside of the mask taken out.
func (q freqs) within(m fieldMask) freqs {
	var kept freqs
	for f := range numTextFields {
		if m.has(f) {
			kept |= packFreq(f, uint64(q.at(f)))
		}
	}
	return kept
}

// writeFreqs packs frequencies for Bleve, which keeps one number a posting: that
// of the content alone when the term stands nowhere else, which takes one byte,
// or else all three, the others capped at 7. The number is never below the sum
// of the three, as Bleve expects, and not much above, since Bleve makes room
// for as many positions.
func writeFreqs(n [numTextFields]uint32) uint64 {
	content := uint64(min(n[contentField], 0xffff))
	if n[titleField] == 0 && n[descriptionField] == 0 {
		return content << 1
	}
	const most = 7
	packed := content<<6 | uint64(min(n[descriptionField], most))<<3 | uint64(min(n[titleField], most))
	return packed<<1 | 1
}

// readFreqs is the reverse of writeFreqs.
func readFreqs(n uint64) freqs {
	if n&1 == 0 {
		return packFreq(contentField, n>>1)
	}
	n >>= 1
	return packFreq(titleField, n&7) | packFreq(descriptionField, n>>3&7) | packFreq(contentField, n>>6)
}

// readPostings decodes the postings of a term of a field set.
func readPostings(ctx context.Context, seg segment.Segment, set fieldSet, term string) (*postings, error) {
	list, err := zap.Find(seg, textName(set), term)
	if err != nil {
		return nil, fmt.Errorf("read postings: %w", err)
	}
	if list == nil {
		return iteratePostings(ctx, seg, set, term)
	}
	p := &postings{docs: make([]uint32, list.Count()), freqs: make([]freqs, list.Count())}
	var buf [readAtOnce]uint64
	for at := 0; at < len(p.docs); {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		end := min(at+readAtOnce, len(p.docs))
		n, err := list.Read(p.docs[at:end], buf[:end-at])
		if err != nil {
			return nil, fmt.Errorf("read postings: %w", err)
		}
		for i, freq := range buf[:n] {
			p.freqs[at+i] = readFreqs(freq)
		}
		at += n
	}
	return p, nil
}

// readAtOnce is how many postings are decoded between two looks at the context.
const readAtOnce = 512

// iteratePostings decodes the postings of a term in a segment that is not on disk
// yet.
func iteratePostings(ctx context.Context, seg segment.Segment, set fieldSet, term string) (*postings, error) {
	dict, err := seg.Dictionary(textName(set))
	if err != nil {
		return nil, fmt.Errorf("read dictionary: %w", err)
	}
	list, err := dict.PostingsList([]byte(term), nil, nil)
	if err != nil {
		return nil, fmt.Errorf("read postings: %w", err)
	}
	n := int(list.Count())
	if n == 0 {
		return &postings{}, nil
	}
	p := &postings{docs: make([]uint32, n), freqs: make([]freqs, n)}
	docs := list.Iterator(true, false, false, nil)
	for i := 0; ; i++ {
		if i%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		hit, err := docs.Next()
		if err != nil {
			return nil, fmt.Errorf("read postings: %w", err)
		}
		if hit == nil || i == n {
			p.docs, p.freqs = p.docs[:i], p.freqs[:i]
			return p, nil
		}
		p.docs[i], p.freqs[i] = uint32(hit.Number()), readFreqs(hit.Frequency())
	}
}
