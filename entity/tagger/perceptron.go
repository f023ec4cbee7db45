package tagger

import "math/rand/v2"

// trainer is a perceptron while it learns: whole weights, and their sums over
// time for averaging.
type trainer struct {
	weights []int32
	sums    []int64
	trans   transitions
	tsums   [tags + 1][tags]int64
	clock   int64
	margin  int32
	noise   float64
	rng     *rand.PCG
	kept    example
	decoder decoder
	scores  []scores
	got     []tag
	want    []tag
}

// newTrainer returns a trainer that asks for the margin and leaves out the share
// noise of the features of each example, by chance that rng gives.
func newTrainer(margin int32, noise float64, rng *rand.PCG) *trainer {
	return &trainer{margin: margin, noise: noise, rng: rng, weights: make([]int32, maxRows*tags), sums: make([]int64, maxRows*tags), clock: 1}
}

// learn labels an example and corrects the weights where the labels are wrong.
// It returns how many are.
func (m *trainer) learn(e *example, history bool) int {
	n := len(e.rows)
	if len(m.got) < n {
		m.got, m.want = make([]tag, 2*n), make([]tag, 2*n)
	}
	got, want := m.got[:n], m.want[:n]
	e = m.thinned(e)
	m.score(e, history)
	copy(want, e.gold)
	if e.allowed != nil {
		m.decoder.decode(m.scores, &m.trans, e.allowed, want)
	}
	for i, t := range want {
		m.scores[i][t] -= m.margin
	}
	m.decoder.decode(m.scores, &m.trans, nil, got)
	wrong := 0
	for i := range got {
		if got[i] != want[i] {
			wrong++
		}
	}
	if wrong > 0 {
		m.correct(e, history, got, want)
	}
	m.clock++
	return wrong
}

// thinned returns the example without some of its features, so that no feature
// comes to be relied on alone: another source's texts will not have it. What it
// returns is good until the next call.
func (m *trainer) thinned(e *example) *example {
	if m.noise == 0 {
		return e
	}
	kept := m.kept.rows[:0]
	for i, rows := range e.rows {
		if i < cap(kept) {
			kept = kept[:i+1]
		} else {
			kept = append(kept, nil)
		}
		kept[i] = m.thin(kept[i][:0], rows)
	}
	m.kept = *e
	m.kept.rows = kept
	return &m.kept
}

// thin appends to kept the rows that chance leaves.
func (m *trainer) thin(kept, rows []uint32) []uint32 {
	const whole = 1 << 8 // a draw decides about eight rows, a byte for each
	dropped, draw := uint64(m.noise*whole), uint64(0)
	for i, r := range rows {
		if i%8 == 0 {
			draw = m.rng.Uint64()
		}
		if draw%whole >= dropped {
			kept = append(kept, r)
		}
		draw /= whole
	}
	return kept
}

// score sums the weights of an example's features.
func (m *trainer) score(e *example, history bool) {
	m.scores = m.scores[:0]
	for i := range e.rows {
		var sc scores
		m.add(e.rows[i], &sc)
		if history {
			m.add(e.history[i], &sc)
		}
		m.scores = append(m.scores, sc)
	}
}

func (m *trainer) add(rows []uint32, sc *scores) {
	for _, r := range rows {
		w := m.weights[int(r)*tags:][:tags:tags]
		for t := range sc {
			sc[t] += w[t]
		}
	}
}

// correct moves the weights toward want and away from got.
func (m *trainer) correct(e *example, history bool, got, want []tag) {
	before := [2]int{start, start}
	for i := range got {
		g, w := got[i], want[i]
		if g != w {
			m.move(e.rows[i], w, 1)
			m.move(e.rows[i], g, -1)
			if history {
				m.move(e.history[i], w, 1)
				m.move(e.history[i], g, -1)
			}
		}
		if g != w || before[0] != before[1] {
			m.moveTransition(before[1], w, 1)
			m.moveTransition(before[0], g, -1)
		}
		before = [2]int{int(g), int(w)}
	}
}

func (m *trainer) move(rows []uint32, t tag, by int32) {
	for _, r := range rows {
		k := int(r)*tags + int(t)
		m.weights[k] += by
		m.sums[k] += m.clock * int64(by)
	}
}

func (m *trainer) moveTransition(from int, to tag, by int32) {
	m.trans[from][to] += by
	m.tsums[from][to] += m.clock * int64(by)
}

// average returns the mean of the weights over all examples seen.
func (m *trainer) average() *averaged {
	a := &averaged{weights: make([]float32, len(m.weights))}
	mean := func(w int32, sum int64) float32 {
		return float32(float64(w) - float64(sum)/float64(m.clock))
	}
	for i, w := range m.weights {
		if m.sums[i] != 0 || w != 0 {
			a.weights[i] = mean(w, m.sums[i])
		}
	}
	for from := range m.trans {
		for to, w := range m.trans[from] {
			a.trans[from][to] = mean(w, m.tsums[from][to])
		}
	}
	return a
}
