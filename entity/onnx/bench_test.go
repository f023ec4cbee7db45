package onnx

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// encoder returns a network of BERT's shape with random weights.
func encoder(layers, hidden, heads int) files {
	e := &layer{random: rand.New(rand.NewPCG(1, 2)), hidden: hidden, heads: heads}
	e.numbers("apart", 0, 0, heads, hidden/heads)
	e.numbers("together", 0, 0, hidden)
	e.numbers("axes", 1, 2)
	for name, value := range map[string]float64{
		"one": 1, "half": 0.5, "root2": math.Sqrt2, "scale": 1 / math.Sqrt(float64(hidden/heads)), "low": -1e9,
	} {
		e.weight(name, []float32{float32(value)}, 1)
	}
	mask := e.node("Cast", []string{e.input("attention_mask")}, "mask", attribute{"to", float32s})
	mask = e.node("Unsqueeze", []string{mask, "axes"}, "mask4")
	mask = e.node("Sub", []string{"one", mask}, "absent")
	e.node("Mul", []string{mask, "low"}, "bias")
	x := e.node("Gather", []string{e.matrix("words", len(vocabulary), hidden), e.input("input_ids")}, "x")
	for i := range layers {
		e.name = "l" + strconv.Itoa(i) + "_"
		x = e.normalized(x, e.attention(x))
		x = e.normalized(x, e.forward(x))
	}
	e.node("MatMul", []string{x, e.matrix("classes", hidden, len(labels))}, "logits")
	e.output("logits", 0, 0, len(labels))
	f := tiny()
	f[modelFile], f[configFile] = e.file(), configuration(labels, 512)
	return f
}

// layer builds the parts of a transformer's layers.
type layer struct {
	network
	random        *rand.Rand
	hidden, heads int
	name          string // of the layer
	count         int
}

// do adds an operation under a name of its own.
func (e *layer) do(op string, attributes []attribute, inputs ...string) string {
	e.count++
	return e.node(op, inputs, fmt.Sprintf("%s%s%d", e.name, op, e.count), attributes...)
}

func (e *layer) matrix(name string, rows, columns int) string {
	values := make([]float32, rows*columns)
	for i := range values {
		values[i] = float32(e.random.NormFloat64()) * 0.02
	}
	return e.weight(e.name+name, values, rows, columns)
}

func (e *layer) linear(name, x string, in, out int) string {
	y := e.do("MatMul", nil, x, e.matrix(name, in, out))
	return e.do("Add", nil, y, e.weight(e.name+name+"_bias", make([]float32, out), out))
}

func (e *layer) attention(x string) string {
	part := func(name string, order ...int) string {
		y := e.do("Reshape", nil, e.linear(name, x, e.hidden, e.hidden), "apart")
		return e.do("Transpose", []attribute{{"perm", order}}, y)
	}
	scores := e.do("MatMul", nil, part("query", 0, 2, 1, 3), part("key", 0, 2, 3, 1))
	scores = e.do("Add", nil, e.do("Mul", nil, scores, "scale"), "bias")
	y := e.do("MatMul", nil, e.do("Softmax", []attribute{{"axis", -1}}, scores), part("value", 0, 2, 1, 3))
	y = e.do("Reshape", nil, e.do("Transpose", []attribute{{"perm", []int{0, 2, 1, 3}}}, y), "together")
	return e.linear("out", y, e.hidden, e.hidden)
}

func (e *layer) forward(x string) string {
	y := e.linear("up", x, e.hidden, 4*e.hidden)
	gate := e.do("Add", nil, e.do("Erf", nil, e.do("Div", nil, y, "root2")), "one")
	return e.linear("down", e.do("Mul", nil, e.do("Mul", nil, y, "half"), gate), 4*e.hidden, e.hidden)
}

func (e *layer) normalized(x, y string) string {
	ones := make([]float32, e.hidden)
	for i := range ones {
		ones[i] = 1
	}
	e.count++
	name := fmt.Sprintf("%snorm%d", e.name, e.count)
	return e.do("LayerNormalization", []attribute{{"axis", -1}}, e.do("Add", nil, x, y),
		e.weight(name+"_scale", ones, e.hidden), e.weight(name+"_shift", make([]float32, e.hidden), e.hidden))
}

// BenchmarkLabel labels an article of 680 pieces, which 500 words of English
// come to, with networks of the usual sizes.
func BenchmarkLabel(b *testing.B) {
	article := strings.Repeat("Ada Reyes of the Harbor Council spoke in Lisbon . ", 68)
	for _, size := range []struct {
		name                  string
		layers, hidden, heads int
	}{{"mini", 4, 256, 4}, {"distilled", 6, 768, 12}, {"base", 12, 768, 12}} {
		b.Run(size.name, func(b *testing.B) {
			m := load(b, encoder(size.layers, size.hidden, size.heads))
			if _, err := m.label(article); err != nil {
				b.Fatal(err)
			}
			start := processorTime(b)
			for b.Loop() {
				if _, err := m.label(article); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric((processorTime(b)-start).Seconds()/float64(b.N), "cpu-s/op")
		})
	}
}

// processorTime is what the process has used so far, on all cores.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestEncoder runs a network with the operations of real ones, in windows of
// several lengths.
func TestEncoder(t *testing.T) {
	m := load(t, encoder(2, 32, 4))
	for _, n := range []int{1, 40, 700} {
		if _, err := m.label(strings.Repeat("Ada Reyes spoke. ", n)); err != nil {
			t.Errorf("%d sentences: %v", n, err)
		}
	}
}
