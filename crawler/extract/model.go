package extract

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"math"
	"sync"
)

//go:embed model.bin
var modelFile []byte

// errModel says that the file that ships with the program is not a model.
var errModel = errors.New("extract: model.bin is damaged")

// loadModel parses the embedded model once.
var loadModel = sync.OnceValues(func() (forest, error) { return parseForest(modelFile) })

// forest is a sum of regression trees, which tells article from furniture. It
// was trained on real pages of which people had marked passages that do and do
// not belong to the article, and, with a small weight, on what three other
// extractors agree about; train.py does it anew.
type forest []tree

// tree is a binary decision tree. A child that is negative is a leaf, ^child.
type tree struct {
	nodes  []treeNode
	leaves []float32
}

type treeNode struct {
	feature     uint8
	left, right int8
	threshold   float32
}

// probability is the forest's verdict on a vector, from 0 to 1.
func (f forest) probability(x *vector) float32 {
	var sum float32
	for i := range f {
		sum += f[i].value(x)
	}
	return float32(1 / (1 + math.Exp(-float64(sum))))
}

func (t *tree) value(x *vector) float32 {
	if len(t.nodes) == 0 {
		return t.leaves[0]
	}
	for at := int8(0); ; {
		n := &t.nodes[at]
		at = n.right
		if x[n.feature] <= n.threshold {
			at = n.left
		}
		if at < 0 {
			return t.leaves[^at]
		}
	}
}

// parseForest reads a forest, little-endian: the number of trees (uint16), then
// for each tree the number of nodes (uint8), the nodes (feature uint8, left
// int8, right int8, threshold float32) and one leaf (float32) more than there
// are nodes.
func parseForest(data []byte) (forest, error) {
	r := modelReader{data: data}
	f := make(forest, binary.LittleEndian.Uint16(r.take(2)))
	for i := range f {
		f[i] = r.tree()
		if r.failed {
			return nil, errModel
		}
	}
	if r.failed || len(r.data) > 0 {
		return nil, errModel
	}
	return f, nil
}

// modelReader takes values off a model's bytes and remembers when they ran out.
type modelReader struct {
	data   []byte
	failed bool
}

func (r *modelReader) take(n int) []byte {
	if len(r.data) < n {
		r.failed = true
		return make([]byte, n)
	}
	out := r.data[:n]
	r.data = r.data[n:]
	return out
}

func (r *modelReader) float() float32 {
	return math.Float32frombits(binary.LittleEndian.Uint32(r.take(4)))
}

func (r *modelReader) tree() tree {
	n := int(r.take(1)[0])
	t := tree{nodes: make([]treeNode, n), leaves: make([]float32, n+1)}
	for i := range t.nodes {
		b := r.take(3)
		t.nodes[i] = treeNode{feature: b[0], left: int8(b[1]), right: int8(b[2]), threshold: r.float()}
		if int(b[0]) >= features || !t.child(t.nodes[i].left, i) || !t.child(t.nodes[i].right, i) {
			r.failed = true
		}
	}
	for i := range t.leaves {
		t.leaves[i] = r.float()
	}
	return t
}

// child reports whether a child lies in the tree, behind its parent, so that
// every walk ends.
func (t *tree) child(c int8, parent int) bool {
	if c < 0 {
		return int(^c) < len(t.leaves)
	}
	return int(c) > parent && int(c) < len(t.nodes)
}
