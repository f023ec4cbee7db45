package cli

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestJudge(t *testing.T) {
	got := judge([]string{"x", "a", "b"}, map[string]int{"a": 2, "b": 1, "c": 1, "d": 0})
	want := worth{
		precision: (1.0/2 + 2.0/3) / 3, top: 0.2, recall: 2.0 / 3,
		gain: (2/math.Log2(3) + 1/math.Log2(4)) / (2 + 1/math.Log2(3) + 1/math.Log2(4)),
	}
	for name, pair := range map[string][2]float64{
		"average precision": {got.precision, want.precision}, "nDCG": {got.gain, want.gain}, "P@10": {got.top, want.top}, "recall": {got.recall, want.recall},
	} {
		if math.Abs(pair[0]-pair[1]) > 1e-12 {
			t.Errorf("%s: got %v, want %v", name, pair[0], pair[1])
		}
	}
}

func TestEvalRelevance(t *testing.T) {
	forms := map[string][2]string{
		"NDJSON": {
			`{"id": 7, "title": "Harbor reopens", "body": "The harbor of the town is open again."}
{"_id": "d8", "text": "A storm closed every road."}
{"id": "d9", "title": "Storm", "body": "Wind and rain over the harbor."}`,
			`{"id": 1, "text": "harbor: AND reopens?"}`,
		},
		"TREC": {
			"<DOC>\n<DOCNO> 7 </DOCNO>\n<HEADLINE>Harbor reopens</HEADLINE>\n<TEXT>\nThe harbor of the town <P>is open again.\n</TEXT>\n</DOC>\n" +
				"<DOC>\n<DOCNO>d8</DOCNO>\n<TEXT>\nA storm closed every road.\n</TEXT>\n</DOC>\n<DOC>\n<DOCNO>d9</DOCNO>\n<HL>Storm</HL>\n<TEXT>Wind &amp; rain over the harbor.</TEXT>\n</DOC>\n",
			"<top>\n<num> Number: 1\n<title> harbor reopens\n\n<desc> Description:\nnothing\n</top>\n",
		},
	}
	for name, form := range forms {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for file, text := range map[string]string{"documents": form[0], "queries": form[1], "qrels": "1 0 7 2\n1 0 d8 0\n\n2 0 d9 1\n"} {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			file := func(name string) string { return "--" + name + "=" + filepath.Join(dir, name) }
			out := must(t, t.TempDir(), "eval", "relevance", file("documents"), file("queries"), file("qrels"))
			if want := "MAP 1.0000  nDCG@10 1.0000  P@10 0.1000  R@1000 1.0000  on 1 topic, 3 documents"; !strings.Contains(out, want) {
				t.Errorf("got %q, want %q", out, want)
			}
		})
	}
}
