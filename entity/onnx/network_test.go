package onnx

import (
	"encoding/binary"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// network builds ONNX files: protobuf messages, of which it knows the fields
// that the tests need (onnx.proto3 of the ONNX project).
type network struct{ nodes, weights, inputs, outputs []byte }

// field appends a field that holds bytes, a string or a message.
func field(b []byte, number protowire.Number, value []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, number, protowire.BytesType), value)
}

func integer(b []byte, number protowire.Number, value int) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, number, protowire.VarintType), uint64(value))
}

// attribute is one of a node: an int, a float or ints.
type attribute struct {
	name  string
	value any
}

// node adds an operation.
func (n *network) node(op string, inputs []string, output string, attributes ...attribute) string {
	var b []byte
	for _, in := range inputs {
		b = field(b, 1, []byte(in))
	}
	b = field(b, 2, []byte(output))
	b = field(b, 4, []byte(op))
	for _, a := range attributes {
		m := field(nil, 1, []byte(a.name))
		switch v := a.value.(type) {
		case int:
			m = integer(integer(m, 3, v), 20, 2)
		case float32:
			m = protowire.AppendFixed32(protowire.AppendTag(m, 2, protowire.Fixed32Type), math.Float32bits(v))
			m = integer(m, 20, 1)
		case []int:
			for _, i := range v {
				m = integer(m, 8, i)
			}
			m = integer(m, 20, 7)
		}
		b = field(b, 5, m)
	}
	n.nodes = field(n.nodes, 1, b)
	return output
}

// Types of elements.
const (
	float32s = 1
	int64s   = 7
)

// weight adds a constant tensor.
func (n *network) weight(name string, values []float32, dims ...int) string {
	raw := make([]byte, 0, 4*len(values))
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	return n.tensor(name, float32s, raw, dims)
}

// numbers adds a constant list of whole numbers.
func (n *network) numbers(name string, values ...int) string {
	var raw []byte
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint64(raw, uint64(v))
	}
	return n.tensor(name, int64s, raw, []int{len(values)})
}

func (n *network) tensor(name string, kind int, raw []byte, dims []int) string {
	var b []byte
	for _, d := range dims {
		b = integer(b, 1, d)
	}
	b = field(field(integer(b, 2, kind), 8, []byte(name)), 9, raw)
	n.weights = field(n.weights, 5, b)
	return name
}

// port describes an input or output; a dimension of 0 is open.
func port(name string, kind int, dims ...int) []byte {
	var shape []byte
	for i, d := range dims {
		if d == 0 {
			shape = field(shape, 1, field(nil, 2, []byte{'a' + byte(i)}))
		} else {
			shape = field(shape, 1, integer(nil, 1, d))
		}
	}
	tensor := field(integer(nil, 1, kind), 2, shape)
	return field(field(nil, 1, []byte(name)), 2, field(nil, 1, tensor))
}

func (n *network) input(name string) string {
	n.inputs = field(n.inputs, 11, port(name, int64s, 0, 0))
	return name
}

func (n *network) output(name string, dims ...int) {
	n.outputs = field(n.outputs, 12, port(name, float32s, dims...))
}

// file returns the network as an ONNX file.
func (n *network) file() []byte {
	graph := append([]byte(nil), n.nodes...)
	graph = field(graph, 2, []byte("tiny"))
	graph = append(append(append(graph, n.weights...), n.inputs...), n.outputs...)
	b := integer(nil, 1, 8) // version of the format
	b = field(b, 7, graph)
	return field(b, 8, integer(nil, 2, 17)) // version of the operations
}
