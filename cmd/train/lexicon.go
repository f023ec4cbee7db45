package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"broadsheet.example/entity/tagger"
)

// clustering says how words are told apart.
type clustering struct {
	words     int // how many are taken, from the first
	fine      int // clusters
	coarse    int // clusters of clusters
	roles     int // kinds of distributions over the roles
	neighbors int // the same, over what stands beside
	rounds    int // of k-means
	seed      uint64
}

// How usages are guessed.
const (
	folds    = 5  // a word that was seen is judged by what the others teach
	members  = 2  // networks for each fold, averaged
	fewest   = 20 // words for the folds, so that none has all
	frequent = 100_000
)

// Names differ more than what stands beside them.
var (
	rolesSchooling     = schooling{hidden: 256, passes: 40, maxWeight: 5}
	neighborsSchooling = schooling{hidden: 128, passes: 30, maxWeight: 8}
)

// lexicon returns the file of a lexicon. Clusters are those of spherical
// k-means, the coarse ones clusters of their means. Roles and neighbors are
// guessed from the vectors of words by networks that have learned from those
// seen in labeled text, and their distributions put into clusters.
func lexicon(words []string, v vectors, seen usages, c clustering) ([]byte, error) {
	if err := c.check(len(words)); err != nil {
		return nil, err
	}
	words, v = words[:min(c.words, len(words))], v.first(c.words)
	rng := rand.New(rand.NewPCG(c.seed, 0))
	fine, means := kmeans(v, c.fine, c.rounds, rng)
	upper, _ := kmeans(means, c.coarse, 4*c.rounds, rng)
	coarse := make([]uint8, c.fine)
	for i, l := range upper {
		coarse[i] = uint8(l)
	}
	index := make(map[string]int, len(words))
	for i, w := range words {
		index[w] = i
	}
	usages := make([]tagger.Usage, len(words))
	for _, part := range []struct {
		seen tally
		schooling
		clusters int
		field    func(*tagger.Usage) *uint64
	}{
		{seen.roles, rolesSchooling, c.roles, func(u *tagger.Usage) *uint64 { return &u.Role }},
		{seen.leads, neighborsSchooling, c.neighbors, func(u *tagger.Usage) *uint64 { return &u.Leads }},
		{seen.trails, neighborsSchooling, c.neighbors, func(u *tagger.Usage) *uint64 { return &u.Trails }},
	} {
		likely, err := guess(index, v, part.seen, part.schooling, c.seed)
		if err != nil {
			return nil, err
		}
		for i, l := range kinds(likely, part.clusters, 2*c.rounds, rng) {
			*part.field(&usages[i]) = uint64(l) + 1
		}
	}
	for i, l := range fine {
		usages[i].Cluster = uint64(l) + 1
	}
	return tagger.BuildLexicon(words, usages, coarse)
}

// check refuses numbers that words do not suffice for or that a lexicon has no
// room for.
func (c clustering) check(words int) error {
	for _, n := range []struct {
		name        string
		value, most int
	}{
		{"words", min(c.words, words), math.MaxInt},
		{"clusters", c.fine, min(tagger.MaxClusters, c.words, words)},
		{"coarse clusters", c.coarse, min(tagger.MaxCoarseClusters, c.fine)},
		{"kinds of roles", c.roles, min(tagger.MaxRoles, words)},
		{"kinds of neighbors", c.neighbors, min(tagger.MaxNeighbors, words)},
		{"rounds", c.rounds, math.MaxInt},
	} {
		if n.value < 1 || n.value > n.most {
			return fmt.Errorf("%d %s: want 1 to %d", n.value, n.name, n.most)
		}
	}
	return nil
}

// guess returns for each word how likely each class is. The networks that judge
// a word that was seen have not learned from it, so that what a lexicon tells of
// it is no better than what it tells of others.
func guess(index map[string]int, v vectors, seen tally, s schooling, seed uint64) (vectors, error) {
	known, examples := lessons(index, v, seen, s.maxWeight)
	if len(known) < fewest {
		return vectors{}, fmt.Errorf("only %d words that have vectors were seen in labeled text: want %d", len(known), fewest)
	}
	rng := rand.New(rand.NewPCG(seed, 2))
	fold := make([]int, len(known))
	for i := range fold {
		fold[i] = rng.IntN(folds)
	}
	guesses := make([]vectors, folds*members)
	var wg sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range guesses {
		wg.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			var others []example
			for k, e := range examples {
				if fold[k] != i%folds {
					others = append(others, e)
				}
			}
			n := trainNetwork(others, s, seed+uint64(i)<<32)
			guesses[i] = n.all(v)
		})
	}
	wg.Wait()
	mean := newVectors(v.len(), guesses[0].dim)
	for _, g := range guesses {
		addScaled(mean.data, 1/float32(len(guesses)), g.data)
	}
	for k, i := range known {
		clear(mean.at(i))
		for m := range members {
			addScaled(mean.at(i), 1/float32(members), guesses[m*folds+fold[k]].at(i))
		}
	}
	return mean, nil
}

// lessons returns the numbers of the words seen that have vectors, and an
// example of each. Vectors are brought to numbers of about 1.
func lessons(index map[string]int, v vectors, seen tally, maxWeight float64) (known []int, examples []example) {
	var total float32
	for _, w := range seen.words() {
		i, ok := index[w]
		if !ok {
			continue
		}
		var n float32
		for _, c := range seen[w] {
			n += c
		}
		e := example{vector: scaled(v.at(i)), weight: float32(min(math.Sqrt(float64(n)), maxWeight))}
		for _, c := range seen[w] {
			e.classes = append(e.classes, c/n)
		}
		total += e.weight
		known, examples = append(known, i), append(examples, e)
	}
	for i := range examples {
		examples[i].weight *= float32(len(examples)) / total
	}
	return known, examples
}

// scaled returns a vector of unit length with numbers of about 1.
func scaled(v []float32) []float32 {
	out := make([]float32, len(v))
	addScaled(out, float32(math.Sqrt(float64(len(v)))), v)
	return out
}

// all guesses the classes of all vectors.
func (n *network) all(v vectors) vectors {
	out := newVectors(v.len(), n.out)
	units := make([]float32, n.hidden)
	for i := range v.len() {
		n.forward(scaled(v.at(i)), nil, units, out.at(i))
	}
	return out
}

// kinds puts distributions into clusters by the angle between their square
// roots (Bhattacharyya, 1943). The clusters are those of frequent words.
func kinds(likely vectors, clusters, rounds int, rng *rand.Rand) []int {
	roots := newVectors(likely.len(), likely.dim)
	for i, p := range likely.data {
		roots.data[i] = float32(math.Sqrt(float64(p)))
	}
	_, means := kmeans(roots.first(frequent), min(clusters, roots.len()), rounds, rng)
	label := make([]int, roots.len())
	assign(roots, means, label)
	return label
}

// lowerCase returns a word in lower case, and whether it begins with a capital.
func lowerCase(word string) (lower string, capital bool) {
	first, _ := utf8.DecodeRuneInString(word)
	return strings.ToLower(word), unicode.IsUpper(first)
}
