package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
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

// space is a file of vectors, each word near the corner that is given.
func space(t *testing.T, words map[string]int) string {
	rng := rand.New(rand.NewPCG(4, 4))
	var file struct {
		Dimensions int                  `json:"dimensions"`
		Words      []string             `json:"words"`
		Vectors    map[string][]float32 `json:"vectors"`
	}
	file.Dimensions, file.Vectors, file.Words = 4, map[string][]float32{}, slices.Sorted(maps.Keys(words))
	for _, w := range file.Words {
		v := []float32{0, 0, 0, 0, 99} // one number more, as the package has
		v[words[w]] = 1
		for i := range file.Dimensions {
			v[i] += 0.2 * rng.Float32()
		}
		file.Vectors[w] = v
	}
	data, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "vectors.json")
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestLexicon(t *testing.T) {
	words := map[string]int{}
	var lessons strings.Builder
	for i := range 60 {
		name := func(stem string, corner int) string {
			w := fmt.Sprintf("%s%c%c", stem, 'a'+i%26, 'a'+i/26)
			words[w] = corner
			return w
		}
		person, place, left, met := name("ann", 0), name("ville", 1), name("left", 2), name("met", 3)
		if i < 50 { // the others are never seen
			fmt.Fprintf(&lessons, "-DOCSTART-\tO\n\nA%s\tB-PER\n%s\tO\nV%s\tB-LOC\n.\tO\n\n", person[1:], left, place[1:])
			fmt.Fprintf(&lessons, "It\tO\n%s\tO\nA%s\tB-PER\n.\tO\n\n", met, person[1:])
		}
	}
	dir := t.TempDir()
	labeled, out := filepath.Join(dir, "lessons.iob2"), filepath.Join(dir, "en.lexicon")
	if err := os.WriteFile(labeled, []byte(lessons.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	args := []string{
		"lexicon", "-vectors", space(t, words), "-fine", "4", "-coarse", "2", "-roles", "3", "-neighbors", "2", "-rounds", "8", "-out", out, labeled,
	}
	if err := run(args, io.Discard); err != nil {
		t.Fatal(err)
	}
	first, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	lex, err := tagger.LoadLexicon(string(first))
	if err != nil {
		t.Fatal(err)
	}
	person, place, left, met := lex.Usage("annhc"), lex.Usage("villehc"), lex.Usage("lefthc"), lex.Usage("methc") // seen nowhere
	if seen := lex.Usage("annaa"); person.Role == 0 || person.Role != seen.Role || person.Role == place.Role {
		t.Errorf("roles: %d of a person, %d of one seen, %d of a place", person.Role, seen.Role, place.Role)
	}
	if seen := lex.Usage("leftaa"); left.Leads == 0 || left.Leads != seen.Leads || left.Leads == met.Leads || left.Trails == met.Trails {
		t.Errorf("before a place %+v, one seen %+v, before a person %+v", left, seen, met)
	}
	if err := run(args, io.Discard); err != nil {
		t.Fatal(err)
	}
	if again, err := os.ReadFile(out); err != nil || !bytes.Equal(first, again) {
		t.Errorf("the second time: other bytes (%v)", err)
	}
}

func TestObserve(t *testing.T) {
	docs, err := tagger.ReadIOB2(strings.NewReader("-DOCSTART-\tO\n\nOld\tO\nAnna\tB-PER\nBerg\tI-PER\nsued\tO\nAcme\tB-ORG\nInc.\tI-ORG\nin\tO\nUtah\tB-LOC\n.\tO\n\n"))
	if err != nil {
		t.Fatal(err)
	}
	u := observe(docs)
	for _, tt := range []struct {
		seen  tally
		word  string
		class int
	}{
		{u.roles, "anna", personPart},
		{u.roles, "berg", personEnd},
		{u.roles, "acme", organizationPart},
		{u.roles, "inc.", organizationEnd},
		{u.roles, "utah", placePart},
		{u.leads, "sued", besideOrganization},
		{u.trails, "sued", besidePerson},
		{u.leads, "in", besidePlace},
	} {
		if got := tt.seen[tt.word]; len(got) <= tt.class || got[tt.class] != 1 {
			t.Errorf("%s: seen %v, want 1 at %d", tt.word, got, tt.class)
		}
	}
	if got := u.roles["old"]; got != nil {
		t.Errorf("a word that begins its sentence: %v", got)
	}
}

func TestNetwork(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	sample := func() example {
		x, y := rng.Float32()*2-1, rng.Float32()*2-1
		classes := []float32{0, 1}
		if x*y > 0 { // no line tells the classes apart
			classes = []float32{1, 0}
		}
		return example{vector: []float32{x, y, 1}, classes: classes, weight: 1}
	}
	var examples []example
	for range 4000 {
		examples = append(examples, sample())
	}
	n := trainNetwork(examples, schooling{hidden: 64, passes: 40}, 1)
	wrong, units, classes := 0, make([]float32, n.hidden), make([]float32, n.out)
	for range 1000 {
		e := sample()
		n.forward(e.vector, nil, units, classes)
		if (classes[0] > classes[1]) != (e.classes[0] > e.classes[1]) {
			wrong++
		}
	}
	if wrong > 80 {
		t.Errorf("%d of 1000 wrong", wrong)
	}
}

func TestReadVectorsRefuses(t *testing.T) {
	for _, in := range []string{"", "cat 1 0\n", `{"words":["cat"]}`, `{"dimensions":2,"words":["cat"],"vectors":{"cat":[1]}}`} {
		if _, _, err := readVectors(strings.NewReader(in)); err == nil {
			t.Errorf("%q: want an error", in)
		}
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
