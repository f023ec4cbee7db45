package near_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"broadsheet.example/crawler/near"
)

// The measures that labelled pairs must reach.
const (
	minPairs     = 300
	minPrecision = 0.98
	minRecall    = 0.95
)

// confusion counts how pairs were judged.
type confusion struct{ truePositive, falsePositive, trueNegative, falseNegative int }

func (c *confusion) add(same, said bool) {
	switch {
	case same && said:
		c.truePositive++
	case same:
		c.falseNegative++
	case said:
		c.falsePositive++
	default:
		c.trueNegative++
	}
}

func (c *confusion) precision() float64 {
	return float64(c.truePositive) / float64(max(c.truePositive+c.falsePositive, 1))
}

func (c *confusion) recall() float64 {
	return float64(c.truePositive) / float64(max(c.truePositive+c.falseNegative, 1))
}

// TestLabelledPairs judges every pair as a crawl does: found by a band, likely
// by simhash, decided on the texts.
func TestLabelledPairs(t *testing.T) {
	all := pairs(t)
	var total confusion
	kinds := map[string]*confusion{}
	positives := 0
	for _, p := range all {
		if p.same {
			positives++
		}
		said := judge(near.Read(p.a), near.Read(p.b))
		if kinds[p.kind] == nil {
			kinds[p.kind] = &confusion{}
		}
		kinds[p.kind].add(p.same, said)
		total.add(p.same, said)
	}
	t.Logf("%d pairs, %d of them copies: %+v, precision %.4f, recall %.4f", len(all), positives, total, total.precision(), total.recall())
	t.Log("confusion by kind:\n" + table(kinds))
	if len(all) < minPairs || 2*positives > len(all)+1 {
		t.Errorf("%d pairs, %d of them copies: want at least %d, half of them none", len(all), positives, minPairs)
	}
	if total.precision() < minPrecision || total.recall() < minRecall {
		t.Errorf("precision %.4f, recall %.4f: want %.2f and %.2f", total.precision(), total.recall(), minPrecision, minRecall)
	}
}

func judge(a, b *near.Text) bool {
	shared := false
	for i := range min(len(a.Bands), len(b.Bands)) {
		shared = shared || a.Bands[i] == b.Bands[i]
	}
	return shared && near.Likely(a.Hash, b.Hash) && a.Repeats(b)
}

func table(kinds map[string]*confusion) string {
	var lines []string
	for kind, c := range kinds {
		lines = append(lines, fmt.Sprintf("%-40s copies said %3d, missed %2d; others told apart %3d, confused %2d",
			kind, c.truePositive, c.falseNegative, c.trueNegative, c.falsePositive))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func TestShortTextsHaveNoFingerprint(t *testing.T) {
	short := near.Read(strings.Repeat("word ", near.MinWords-1))
	if short.Bands != nil || short.Hash != 0 || short.Repeats(short) {
		t.Errorf("%+v", short)
	}
	if got := near.Read(""); got.Words != 0 || got.Bands != nil {
		t.Errorf("of nothing: %+v", got)
	}
}

func TestScriptsWithoutSpaces(t *testing.T) {
	text := strings.Repeat("港の壁は冬の嵐の前に二メートル高くなると市議会が火曜日に発表した。住民は長年、費用を誰が払うかで争ってきた。", 2) +
		"市長は記者会見で工事は来月に始まり春までに終わると述べた。"
	a, b := near.Read(text), near.Read(text+"記者は市役所で取材した。")
	if a.Words < near.MinWords || !judge(a, b) {
		t.Errorf("%d words; copies are not seen as such", a.Words)
	}
}

func TestCaseAndSpacesDoNotMatter(t *testing.T) {
	text := strings.Join(words(60), " ")
	a, b := near.Read(text), near.Read("  "+strings.ToUpper(strings.ReplaceAll(text, " ", " \n"))+" ")
	if a.Hash != b.Hash || !slices.Equal(a.Bands, b.Bands) {
		t.Error("the same words have different fingerprints")
	}
}

func words(n int) []string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf("w%do", i*i%97))
	}
	return list
}

func FuzzRead(f *testing.F) {
	f.Add("The harbour wall", "Die Hafenmauer")
	f.Add("\xff\xfe\x00", "港の壁")
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := near.Read(a), near.Read(b)
		if x.Repeats(y) != y.Repeats(x) {
			t.Error("depends on the order")
		}
		if (x.Bands != nil) != (x.Words >= near.MinWords) {
			t.Errorf("%d words, bands %v", x.Words, x.Bands)
		}
		if x.Bands != nil && !x.Repeats(x) {
			t.Error("a text does not repeat itself")
		}
	})
}

func BenchmarkRead(b *testing.B) {
	text := strings.Repeat("The council said on Tuesday that the harbour wall would be raised by two metres before the winter. ", 44) // 800 words
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		near.Read(text)
	}
}
