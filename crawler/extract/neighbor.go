package extract

// neighbors describes the blocks before and after.
func (d *describer) neighbors(i int) {
	b := &d.seg.blocks[i]
	style := b.style()
	for _, by := range [...]int{-2, -1, 1, 2} {
		j := i + by
		if j < 0 || j >= len(d.out) {
			d.put(-1, -1, -1, -1, -1)
			continue
		}
		v := &d.out[j]
		d.put(v[0], v[2], v[6], flag(style == d.seg.blocks[j].style()), flag(d.frames[j]))
	}
	d.put(d.tie(i-1, b), d.tie(i+1, b), d.mediaAfter(i))
	d.put(d.untilFrame(i, -1), d.untilFrame(i, 1), d.framesIn(i+1, i+1+maxStroll))
	for _, reach := range [...]int{4, 10} {
		lo, hi := max(0, i-reach), min(len(d.out), i+reach+1)
		d.put(ratio(d.proseIn(lo, hi), hi-lo))
	}
	d.put(float32(d.proseIn(max(0, i-15), i)), float32(d.proseIn(i+1, min(len(d.out), i+16))))
	d.put(d.untilProse(i, -1, false), d.untilProse(i, 1, false), d.untilProse(i, -1, true), d.untilProse(i, 1, true))
}

// tie is how far up the tree a block and another one meet.
func (d *describer) tie(j int, b *block) float32 {
	if j < 0 || j >= len(d.out) {
		return -1
	}
	return float32(min(distance(d.seg.blocks[j].box, b.box), maxStroll))
}

// mediaAfter is how many pictures follow a block before the next.
func (d *describer) mediaAfter(i int) float32 {
	if i+1 >= len(d.seg.blocks) {
		return 0
	}
	return float32(min(d.seg.blocks[i+1].media, maxMedia))
}

// untilFrame is how many blocks lie between a block and the next one of the
// page's frame in a direction.
func (d *describer) untilFrame(i, step int) float32 {
	for n := 1; n <= maxStroll; n++ {
		j := i + n*step
		if j < 0 || j >= len(d.frames) {
			break
		}
		if d.frames[j] {
			return float32(n)
		}
	}
	return maxStroll + 1
}

// framesIn counts the blocks of the page's frame from lo up to hi.
func (d *describer) framesIn(lo, hi int) float32 {
	n := 0
	for i := lo; i < min(hi, len(d.frames)); i++ {
		if d.frames[i] {
			n++
		}
	}
	return float32(n)
}

// maxStroll is how far untilProse and untilFrame look.
const maxStroll = 12

// untilProse is how many blocks lie between a block and the next prose in a
// direction; only counting prose in the same container if inside is set.
func (d *describer) untilProse(i, step int, inside bool) float32 {
	parent := d.seg.blocks[i].box.parent
	for n := 1; n <= maxStroll; n++ {
		j := i + n*step
		if j < 0 || j >= len(d.out) {
			break
		}
		b := &d.seg.blocks[j]
		if b.isProse() && (!inside || parent == nil || parent.holds(b.box)) {
			return float32(n)
		}
	}
	return maxStroll + 1
}

// proseIn counts the blocks of prose from lo up to hi.
func (d *describer) proseIn(lo, hi int) int {
	n := 0
	for i := lo; i < hi; i++ {
		if d.seg.blocks[i].isProse() {
			n++
		}
	}
	return n
}
