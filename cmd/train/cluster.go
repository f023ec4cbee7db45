package main

import (
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
)

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
		next := newVectors(k, v.dim)
		for i, l := range label {
			addScaled(next.at(l), 1, v.at(i))
		}
		for i := range k {
			unit(next.at(i))
		}
		means = next
	}
	return label, means
}

// assign finds the nearest mean of each vector.
func assign(v, means vectors, label []int) {
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
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
