package onnx

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// vocabulary are the pieces of the tests' models, with the label that the piece
// has. The words of no label are outside of names.
var vocabulary = []struct{ piece, label string }{
	{"[PAD]", "O"},
	{"[UNK]", "O"},
	{"[CLS]", "B-LOC"},
	{"[SEP]", "B-LOC"}, // labels of what is no text show if they count
	{"ada", "B-PER"},
	{"reyes", "I-PER"},
	{"##son", "B-ORG"},
	{"zoë", "B-PER"},
	{"##ë", "O"},
	{"harbor", "B-ORG"},
	{"council", "I-ORG"},
	{"lisbon", "B-LOC"},
	{"new", "B-LOC"},
	{"york", "I-LOC"},
	{"swiss", "B-MISC"},
	{"’", "O"},
	{"s", "O"},
	{"the", "O"},
	{"of", "O"},
	{"spoke", "O"},
	{"in", "O"},
	{".", "O"},
	{",", "O"},
	{"“", "O"},
	{"word", "O"},
	{"東", "B-LOC"},
	{"京", "I-LOC"},
}

var labels = []string{"O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC", "B-MISC", "I-MISC"}

// files are those of a model, by name.
type files map[string][]byte

// tiny returns a model that labels every piece as the vocabulary says.
func tiny() files {
	n := new(network)
	table := make([]float32, len(vocabulary)*len(labels))
	for i, v := range vocabulary {
		for j, l := range labels {
			if l == v.label {
				table[i*len(labels)+j] = 5
			}
		}
	}
	scores := n.node("Gather", []string{n.weight("table", table, len(vocabulary), len(labels)), n.input("input_ids")}, "scores")
	mask := n.node("Cast", []string{n.input("attention_mask")}, "mask", attribute{"to", float32s})
	mask = n.node("Unsqueeze", []string{mask, n.numbers("last", 2)}, "mask3")
	n.input("token_type_ids")
	n.node("Mul", []string{scores, mask}, "logits")
	n.output("logits", 0, 0, len(labels))
	return files{modelFile: n.file(), tokenizerFile: tokenizer(), configFile: configuration(labels, 64)}
}

// tokenizer is that of an uncased BERT that knows the vocabulary.
func tokenizer() []byte {
	vocab := map[string]int{}
	var added []any
	for i, v := range vocabulary {
		vocab[v.piece] = i
		if v.piece[0] == '[' {
			added = append(added, map[string]any{"id": i, "content": v.piece, "special": true})
		}
	}
	return encode(map[string]any{
		"version": "1.0", "added_tokens": added,
		"normalizer":     map[string]any{"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": false, "lowercase": true},
		"pre_tokenizer":  map[string]any{"type": "BertPreTokenizer"},
		"post_processor": map[string]any{"type": "BertProcessing", "cls": []any{"[CLS]", 2}, "sep": []any{"[SEP]", 3}},
		"model":          map[string]any{"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": vocab},
	})
}

func configuration(labels []string, positions int) []byte {
	names := map[string]string{}
	for i, l := range labels {
		names[strconv.Itoa(i)] = l
	}
	return encode(map[string]any{"model_type": "bert", "max_position_embeddings": positions, "id2label": names})
}

func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // there is nothing in it that cannot be encoded
	}
	return b
}

// write puts the files into a directory of their own.
func (f files) write(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range f {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
