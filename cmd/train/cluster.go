package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"

	"broadsheet.example/entity/tagger"
)

// clustering says how words are put into clusters.
type clustering struct {
	words  int // how many of the file's words are taken, from the first
	fine   int
	coarse int
	rounds int
	seed   uint64
}

// vectors holds one vector of unit length after another.
type vectors struct {
	dim  int
	data []float32
}

func (v vectors) len() int           { return len(v.data) / v.dim }
func (v vectors) at(i int) []float32 { return v.data[i*v.dim : (i+1)*v.dim] }

// lexicon reads word vectors in GloVe's text form (a word and its numbers on
// each line, frequent words first) and returns the file of a lexicon. Clusters
// are those of spherical k-means; the coarse ones are clusters of their means.
func lexicon(in io.Reader, c clustering) ([]byte, error) {
	words, vecs, err := readVectors(in, c.words)
	if err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewPCG(c.seed, 0))
	fine, means := kmeans(vecs, c.fine, c.rounds, rng)
	coarse, _ := kmeans(means, c.coarse, 2*c.rounds, rng)
	labels := make([]uint16, len(words))
	for i, l := range fine {
		labels[i] = uint16(l)
	}
	upper := make([]uint8, c.fine)
	for i, l := range coarse {
		upper[i] = uint8(l)
	}
	return tagger.BuildLexicon(words, labels, upper)
}

// readVectors reads the first n words and their vectors.
func readVectors(in io.Reader, n int) ([]string, vectors, error) {
	var words []string
	var v vectors
	lines := bufio.NewScanner(in)
	for len(words) < n && lines.Scan() {
		f := strings.Split(lines.Text(), " ")
		if v.dim == 0 {
			v.dim = len(f) - 1
		}
		if len(f)-1 != v.dim {
			return nil, v, fmt.Errorf("line %d: %d numbers, the first line has %d", len(words)+1, len(f)-1, v.dim)
		}
		words = append(words, f[0])
		for _, s := range f[1:] {
			x, err := strconv.ParseFloat(s, 32)
			if err != nil {
				return nil, v, fmt.Errorf("line %d: %w", len(words), err)
			}
			v.data = append(v.data, float32(x))
		}
		unit(v.at(len(words) - 1))
	}
	return words, v, lines.Err()
}

// unit brings a vector to length 1.
func unit(v []float32) {
	if n := float32(math.Sqrt(float64(dot(v, v)))); n > 0 {
		for i := range v {
			v[i] /= n
		}
	}
}

func dot(a, b []float32) float32 {
	var s0, s1 float32
	i := 0
	for ; i+1 < len(a); i += 2 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
	}
	if i < len(a) {
		s0 += a[i] * b[i]
	}
	return s0 + s1
}

// kmeans puts the vectors into k clusters by the angle to their means, which
// it also returns. The first means are vectors chosen by chance.
func kmeans(v vectors, k, rounds int, rng *rand.Rand) ([]int, vectors) {
	means := vectors{dim: v.dim}
	for _, i := range rng.Perm(v.len())[:k] {
		means.data = append(means.data, v.at(i)...)
	}
	label := make([]int, v.len())
	for range rounds {
		assign(v, means, label)
		next := vectors{dim: v.dim, data: make([]float32, k*v.dim)}
		for i, l := range label {
			sum := next.at(l)
			for j, x := range v.at(i) {
				sum[j] += x
			}
		}
		for i := range k {
			unit(next.at(i))
		}
		means = next
	}
	return label, means
}

// workers is how many parts of the vectors are assigned at once.
const workers = 4

// assign finds the nearest mean of each vector.
func assign(v, means vectors, label []int) {
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < v.len(); i += workers {
				best := float32(math.Inf(-1))
				for m := range means.len() {
					if d := dot(v.at(i), means.at(m)); d > best {
						best, label[i] = d, m
					}
				}
			}
		})
	}
	wg.Wait()
}
