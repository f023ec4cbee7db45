package extract

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestShippedModel(t *testing.T) {
	f, err := loadModel()
	if err != nil {
		t.Fatal(err)
	}
	if len(f) < 100 {
		t.Errorf("%d trees, want at least 100", len(f))
	}
}

func TestParseForest(t *testing.T) {
	// One tree of one node: feature 2 up to 0.5 gives 1, else -1.
	good := []byte{1, 0, 1, 2, 0xff, 0xfe, 0, 0, 0, 0x3f, 0, 0, 0x80, 0x3f, 0, 0, 0x80, 0xbf}
	f, err := parseForest(good)
	if err != nil {
		t.Fatal(err)
	}
	for value, want := range map[float32]bool{0.25: true, 0.5: true, 0.75: false} {
		var v vector
		v[2] = value
		if got := f.probability(&v) > 0.5; got != want {
			t.Errorf("feature %v accepted: %v, want %v", value, got, want)
		}
	}
	spoil := func(at int, b byte) []byte {
		bad := bytes.Clone(good)
		bad[at] = b
		return bad
	}
	bad := map[string][]byte{
		"empty":                nil,
		"cut":                  good[:len(good)-1],
		"something behind":     append(bytes.Clone(good), 0),
		"feature out of reach": spoil(3, 255),
		"child is its parent":  spoil(4, 0),
		"no such leaf":         spoil(5, 0x80),
	}
	for name, data := range bad {
		if _, err := parseForest(data); !errors.Is(err, errModel) {
			t.Errorf("%s: error %v, want errModel", name, err)
		}
	}
}

// TestVectorIsFull guards the order that the model was trained on: each feature
// is put exactly once.
func TestVectorIsFull(t *testing.T) {
	doc, err := parse([]byte("<body><h1>Title</h1><p>" + strings.Repeat("Some words of text. ", 20)))
	if err != nil {
		t.Fatal(err)
	}
	seg := segment(doc)
	d := newDescriber(seg, scanPage(doc))
	d.describe()
	if d.next != features {
		t.Errorf("the last vector ends at %d, want %d", d.next, features)
	}
	b := &seg.blocks[0]
	d.cur, d.next = new(vector), 0
	d.text(b)
	d.words(0)
	d.place(b)
	d.position(0)
	d.template(b)
	d.containers(b)
	if d.next != ownFeatures {
		t.Errorf("%d features of a block alone, want %d", d.next, ownFeatures)
	}
}
