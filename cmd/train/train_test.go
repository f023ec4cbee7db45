package main

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"broadsheet.example/entity/tagger"
)

// message encodes a city as cities.pbf does, with its length before it. It lies a
// hundredth of a degree north and west of the city before.
func message(id uint64, name, country, feature, admin string, population uint64) []byte {
	b := binary.AppendUvarint([]byte{fieldID << 3}, id<<1)
	for _, f := range []struct {
		number uint64
		text   string
	}{{fieldName, name}, {fieldCountry, country}, {fieldFeature, feature}, {fieldAdmin, admin}} {
		b = binary.AppendUvarint(b, f.number<<3|2)
		b = binary.AppendUvarint(b, uint64(len(f.text)))
		b = append(b, f.text...)
	}
	b = binary.AppendUvarint(b, fieldPopulation<<3)
	b = binary.AppendUvarint(b, population)
	b = binary.AppendVarint(append(b, fieldLongitude<<3), -1000)
	b = binary.AppendVarint(append(b, fieldLatitude<<3), 1000)
	return append(binary.AppendUvarint(nil, uint64(len(b))), b...)
}

func TestCities(t *testing.T) {
	var data []byte
	data = append(data, message(100, "Zwolle", "NL", "PPLA", "15", 123_159)...)
	data = append(data, message(101, "Paris", "US", "PPL", "TN", 10_000)...)
	data = append(data, message(102, "Hamlet", "GB", "PPL", "ENG", 900)...)
	data = append(data, message(103, "Paris", "US", "PPL", "TX", 25_000)...)
	data = append(data, message(104, "Quarter", "FR", "PPLX", "11", 90_000)...)
	data = append(data, message(105, "Paris", "US", "PPL", "TX", 6_000)...)
	got, err := cities(data)
	if err != nil {
		t.Fatal(err)
	}
	if want := "Paris\tus\t25\t?4.-4.2v.TX 2.-2.2t.TN\nZwolle\tnl\t123\t1.-1.2s.\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, err := cities(data[:len(data)-3]); err == nil {
		t.Error("a cut file: want an error")
	}
}

func TestLexicon(t *testing.T) {
	in := "cat 1 0.1\ndog 0.9 0\nran -1 0.05\nwalked -0.9 0\n"
	data, err := lexicon(strings.NewReader(in), clustering{words: 4, fine: 2, coarse: 1, rounds: 5, seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	lex, err := tagger.LoadLexicon(string(data))
	if err != nil {
		t.Fatal(err)
	}
	cat, _ := lex.Clusters("cat")
	dog, _ := lex.Clusters("dog")
	ran, _ := lex.Clusters("ran")
	if cat == 0 || cat != dog || cat == ran {
		t.Errorf("clusters of cat, dog, ran are %d, %d, %d", cat, dog, ran)
	}
	if _, err := lexicon(strings.NewReader("cat 1 0\ndog 1\n"), clustering{words: 2, fine: 1, coarse: 1}); err == nil {
		t.Error("vectors of different lengths: want an error")
	}
}

func TestKmeansRepeats(t *testing.T) {
	v := vectors{dim: 3}
	rng := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		v.data = append(v.data, rng.Float32()-0.5)
	}
	a, _ := kmeans(v, 5, 6, rand.New(rand.NewPCG(9, 9)))
	b, _ := kmeans(v, 5, 6, rand.New(rand.NewPCG(9, 9)))
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("vector %d is in cluster %d and in %d", i, a[i], b[i])
		}
	}
}

func TestModel(t *testing.T) {
	dir := t.TempDir()
	lessons := filepath.Join(dir, "lessons.iob2")
	text := strings.Repeat("-DOCSTART-\tO\n\nMarla\tB-PER\nleft\tO\nQuaxville\tB-LOC\n.\tO\n\n", 12)
	if err := os.WriteFile(lessons, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	model := filepath.Join(dir, "en.model")
	var report bytes.Buffer
	args := []string{
		"model", "-lexicon", "../../entity/model/en.lexicon", "-out", model, "-models", "1", "-epochs", "2", "-first-epochs", "1",
		"-prune", "0", "-hold-out", lessons, "-score", lessons,
	}
	if err := run(args, &report); err != nil {
		t.Fatal(err)
	}
	if got := report.String(); strings.Count(got, "P 100.0 R 100.0") < 4 {
		t.Errorf("report:\n%s", got)
	}
	if _, err := os.Stat(model); err != nil {
		t.Error(err)
	}
}

func TestRunRefuses(t *testing.T) {
	for _, args := range [][]string{nil, {"dance"}, {"cities", "-in", "nowhere"}, {"lexicon", "-vectors", "nowhere"}, {"model", "nowhere"}} {
		if err := run(args, &bytes.Buffer{}); err == nil {
			t.Errorf("run(%q): want an error", args)
		}
	}
}
