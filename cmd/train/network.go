package main

import (
	"math"
	"math/rand/v2"
)

// network guesses the class of a vector: one layer of hidden units, each the
// positive part of a sum, and a distribution over the classes. It learns by
// stochastic gradients with adaptive moments (Kingma and Ba, 2015), with units
// left out at random (Srivastava et al., 2014).
type network struct {
	in, hidden, out int
	weights         []float32 // in for each hidden unit, then hidden for each class, then the biases of both
}

// How networks are trained.
const (
	batchSize    = 512
	learningRate = 2e-3 // at first; it falls evenly with every pass
	decay        = 1e-4 // of weights
	inputNoise   = 26   // of 256 numbers of a vector are left out, without making up for it
	unitNoise    = 102  // of 256 hidden units are left out, and the others raised
	keptUnits    = 1 - float32(unitNoise)/256
	firstMoment  = 0.9
	secondMoment = 0.999
	tiny         = 1e-8
)

// schooling says how much a network learns.
type schooling struct {
	hidden    int     // units
	passes    int     // over all examples
	maxWeight float64 // of a word that was seen often, by the square root of how often
}

// example is a vector and how its classes are distributed.
type example struct {
	vector  []float32
	classes []float32
	weight  float32
}

func newNetwork(in, hidden, out int, rng *rand.Rand) *network {
	n := &network{in: in, hidden: hidden, out: out, weights: make([]float32, in*hidden+hidden*out+hidden+out)}
	for i := range n.first() {
		n.weights[i] = float32(rng.NormFloat64() / math.Sqrt(float64(in)))
	}
	for i := range n.second() {
		n.second()[i] = float32(rng.NormFloat64() / math.Sqrt(float64(hidden)))
	}
	return n
}

func (n *network) first() []float32  { return n.weights[:n.in*n.hidden] }
func (n *network) second() []float32 { return n.weights[n.in*n.hidden:][:n.hidden*n.out] }
func (n *network) bias() []float32   { return n.weights[(n.in+n.out)*n.hidden:] }

// forward fills units, of which it leaves out those that are marked, and classes.
func (n *network) forward(vector []float32, off []bool, units, classes []float32) {
	first, bias := n.first(), n.bias()
	for j := range units {
		units[j] = 0
		if off == nil || !off[j] {
			units[j] = max(0, dot(first[j*n.in:(j+1)*n.in], vector)+bias[j])
		}
	}
	if off != nil {
		for j := range units {
			units[j] /= keptUnits
		}
	}
	second := n.second()
	for k := range classes {
		classes[k] = dot(second[k*n.hidden:(k+1)*n.hidden], units) + bias[n.hidden+k]
	}
	softmax(classes)
}

// softmax makes a distribution of scores.
func softmax(scores []float32) {
	top := scores[0]
	for _, s := range scores {
		top = max(top, s)
	}
	var sum float32
	for i, s := range scores {
		scores[i] = float32(math.Exp(float64(s - top)))
		sum += scores[i]
	}
	for i := range scores {
		scores[i] /= sum
	}
}

// trainNetwork returns a network that has learned from examples.
func trainNetwork(examples []example, s schooling, seed uint64) *network {
	rng := rand.New(rand.NewPCG(seed, 0))
	n := newNetwork(len(examples[0].vector), s.hidden, len(examples[0].classes), rng)
	l := learner{
		network: n, rng: rng,
		vector: make([]float32, n.in), units: make([]float32, n.hidden), classes: make([]float32, n.out), off: make([]bool, n.hidden),
		gradient: make([]float32, len(n.weights)), first: make([]float32, len(n.weights)), second: make([]float32, len(n.weights)),
	}
	order := rng.Perm(len(examples))
	for pass := range s.passes {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		rate := learningRate * (1 - float64(pass)/float64(s.passes))
		for at := 0; at < len(order); at += batchSize {
			batch := order[at:min(at+batchSize, len(order))]
			for _, i := range batch {
				l.learn(&examples[i], 1/float32(len(batch)))
			}
			l.step(rate)
		}
	}
	return n
}

// learner is a network while it learns.
type learner struct {
	*network
	rng                     *rand.Rand
	vector, units, classes  []float32
	off                     []bool
	gradient, first, second []float32 // the gradient of the batch, and moments
	steps                   int
}

// learn adds the gradient of an example.
func (l *learner) learn(e *example, share float32) {
	copy(l.vector, e.vector)
	l.chance(len(l.vector), inputNoise, func(i int, out bool) {
		if out {
			l.vector[i] = 0
		}
	})
	l.chance(len(l.off), unitNoise, func(i int, out bool) { l.off[i] = out })
	l.forward(l.vector, l.off, l.units, l.classes)
	first, second := l.gradient[:l.in*l.hidden], l.gradient[l.in*l.hidden:][:l.hidden*l.out]
	bias := l.gradient[(l.in+l.out)*l.hidden:]
	for k := range l.classes {
		l.classes[k] = (l.classes[k] - e.classes[k]) * e.weight * share
		addScaled(second[k*l.hidden:(k+1)*l.hidden], l.classes[k], l.units)
		bias[l.hidden+k] += l.classes[k]
	}
	for j, u := range l.units {
		if u == 0 {
			continue
		}
		var g float32
		for k, c := range l.classes {
			g += float32(c * l.network.second()[k*l.hidden+j])
		}
		g /= keptUnits
		addScaled(first[j*l.in:(j+1)*l.in], g, l.vector)
		bias[j] += g
	}
}

// chance calls f for each of n numbers with whether it is one of the share of
// 256 that chance picks.
func (l *learner) chance(n, share int, f func(i int, picked bool)) {
	var draw uint64
	for i := range n {
		if i%8 == 0 {
			draw = l.rng.Uint64()
		}
		f(i, int(draw&0xff) < share)
		draw >>= 8
	}
}

// step moves the weights against the gradient, which it clears.
func (l *learner) step(rate float64) {
	l.steps++
	firstScale := float32(1 / (1 - math.Pow(firstMoment, float64(l.steps))))
	secondScale := float32(1 / (1 - math.Pow(secondMoment, float64(l.steps))))
	for i, g := range l.gradient {
		g += float32(decay * l.weights[i])
		l.first[i] = float32(firstMoment*l.first[i]) + float32((1-firstMoment)*g)
		l.second[i] = float32(secondMoment*l.second[i]) + float32((1-secondMoment)*g*g)
		l.weights[i] -= float32(rate) * l.first[i] * firstScale / (float32(math.Sqrt(float64(l.second[i]*secondScale))) + tiny)
	}
	clear(l.gradient)
}
