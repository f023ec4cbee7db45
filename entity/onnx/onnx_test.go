package onnx

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"broadsheet.example/entity"
	"broadsheet.example/news"
)

func load(t testing.TB, f files) *Model {
	t.Helper()
	m, err := Load(f.write(t), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// named writes mentions as "type:text", checking their places.
func named(t testing.TB, text string, names []news.Mention) string {
	t.Helper()
	out := []string{}
	last := 0
	for _, m := range names {
		if m.Start < last || m.End <= m.Start || m.End > len(text) || !utf8.ValidString(text[m.Start:m.End]) {
			t.Fatalf("mention %+v of a text of %d bytes, after byte %d", m, len(text), last)
		}
		last = m.End
		out = append(out, string(m.Type)+":"+text[m.Start:m.End])
	}
	return strings.Join(out, " ")
}

func TestLabel(t *testing.T) {
	m := load(t, tiny())
	far := strings.Repeat("word ", 500)
	tests := []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"plain", "Ada Reyes of the Harbor Council spoke in Lisbon.", "person:Ada Reyes organization:Harbor Council place:Lisbon"},
		{"the first piece of a word decides", "Adason spoke.", "person:Adason"},
		{"bytes before and in a name", "“Zoë Reyes”, “Ada’s” — Zoë", "person:Zoë Reyes person:Ada person:Zoë"},
		{"types that are not ours", "Swiss Ada", "person:Ada"},
		{"one name after another", "Ada Ada Reyes", "person:Ada person:Ada Reyes"},
		{"a name stays in its sentence", "They spoke of Ada. Reyes spoke.", "person:Ada person:Reyes"},
		{"no spaces", "東京", "place:東京"},
		{"unknown words", "Qwxyz of Lisbon", "place:Lisbon"},
		{"longer than a window", far + "Ada " + far + " Harbor Council", "person:Ada organization:Harbor Council"},
		{"special pieces in the text", "[SEP] Ada [CLS]", "person:Ada"},
		{"broken bytes", "\xff\xfeAda \xf0\x9f Reyes\x00 Lisbon\xe2\x82", "person:Ada person:Reyes place:Lisbon"},
	}
	for _, tt := range tests {
		names, ok := m.Label(tt.text)
		if got := named(t, tt.text, names); !ok || got != tt.want {
			t.Errorf("%s: got %q %v, want %q", tt.name, got, ok, tt.want)
		}
	}
}

// TestLongText shows that a text is labeled up to its cap and no further.
func TestLongText(t *testing.T) {
	m := load(t, tiny())
	text := strings.Repeat("The word of Ada. ", MaxText/17) + " Lisbon " + strings.Repeat("Lisbon ", MaxText/7)
	names, ok := m.Label(text)
	if !ok || len(names) < MaxText/17 {
		t.Fatalf("%d names, %v; want the %d before the cap", len(names), ok, MaxText/17)
	}
	if end := names[len(names)-1].End; end > MaxText {
		t.Errorf("a name ends at byte %d, beyond %d", end, MaxText)
	}
	if text := strings.Repeat("a", 3*MaxText); len(capped(text)) != MaxText {
		t.Errorf("a text of one word is cut to %d bytes", len(capped(text)))
	}
}

func TestRecognize(t *testing.T) {
	r, err := entity.New()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range r.With(load(t, tiny())).Recognize("Harbor Council", "Ada Reyes spoke in Lisbon. Reyes spoke.", "pt") {
		got = append(got, string(e.Type)+":"+e.Name)
	}
	slices.Sort(got)
	if want := []string{"organization:Harbor Council", "person:Ada Reyes", "place:Lisbon"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestConcurrently(t *testing.T) {
	m := load(t, tiny())
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for range 4 {
				text := strings.Repeat("word ", 13*i) + "Ada Reyes spoke."
				names, ok := m.Label(text)
				if len(names) != 1 || !ok || text[names[0].Start:names[0].End] != "Ada Reyes" {
					t.Errorf("got %v %v", names, ok)
				}
			}
		})
	}
	all.Wait()
}

// TestLoad shows what a directory that is no model is told.
func TestLoad(t *testing.T) {
	with := func(name string, content []byte) files {
		f := tiny()
		if f[name] = content; content == nil {
			delete(f, name)
		}
		return f
	}
	sentences := new(network)
	sentences.node("ReduceMean", []string{sentences.weight("table", make([]float32, 9), 1, 9)}, "logits")
	sentences.input("input_ids")
	sentences.input("attention_mask")
	sentences.output("logits", 0, 9)
	images := new(network)
	images.node("Identity", []string{images.input("pixel_values")}, "logits")
	images.output("logits", 0, 0, 9)
	odd := new(network)
	odd.node("Foo", []string{odd.input("input_ids"), odd.input("attention_mask")}, "logits")
	odd.output("logits", 0, 0, 9)
	small := tiny()
	small[configFile] = configuration(labels, 12)
	tests := []struct {
		name  string
		files files
		want  []string
	}{
		{"nothing there", files{}, []string{"there is no", configFile, "exporters"}},
		{"no network", with(modelFile, nil), []string{"there is no", modelFile, "export the model"}},
		{"no tokenizer", with(tokenizerFile, nil), []string{"there is no", tokenizerFile}},
		{"configuration is no JSON", with(configFile, []byte("{")), []string{configFile}},
		{"no labels", with(configFile, []byte(`{"max_position_embeddings": 64}`)), []string{configFile, "no id2label", "no token classification model"}},
		{"labels without names", with(configFile, configuration([]string{"LABEL_0", "LABEL_1"}, 64)), []string{`"LABEL_0", "LABEL_1"`, "PER, LOC and ORG"}},
		{"labels not in order", with(configFile, []byte(`{"id2label": {"0": "O", "7": "B-PER"}}`)), []string{`"7" is not among the numbers from 0 to 1`}},
		{"another model's labels", with(configFile, configuration([]string{"O", "B-PER", "I-PER"}, 64)), []string{"tells 9 labels apart", "names 3"}},
		{"short input", small, []string{"max_position_embeddings", "at least"}},
		{"network is no ONNX", with(modelFile, []byte("not a protobuf")), []string{"ONNX export of a token classification model"}},
		{"network cut off", with(modelFile, tiny()[modelFile][:300]), []string{"parse ONNX", "ONNX export"}},
		{"tokenizer is no JSON", with(tokenizerFile, []byte("[")), []string{tokenizerFile}},
		{"tokenizer without words", with(tokenizerFile, []byte("{}")), []string{tokenizerFile, "no vocabulary"}},
		{"a model of sentences", with(modelFile, sentences.file()), []string{"three dimensional"}},
		{"a model of images", with(modelFile, images.file()), []string{"takes pixel_values, and not input_ids"}},
		{"an unknown operation", with(modelFile, odd.file()), []string{"first sentence", "Foo"}},
		{"no outputs", with(modelFile, new(network).file()), []string{"cannot be run", "exported to ONNX?"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := Load(tt.files.write(t), slog.New(slog.DiscardHandler))
			if err == nil {
				t.Fatalf("loaded as %+v", m)
			}
			for _, w := range tt.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%q lacks %q", err, w)
				}
			}
		})
	}
}

// TestLabelFails shows that what a model cannot label is said and left to others.
func TestLabelFails(t *testing.T) {
	var log bytes.Buffer
	m, err := Load(tiny().write(t), slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	m.pipeline = nil
	if names, ok := m.Label("Ada"); ok || names != nil {
		t.Errorf("got %v %v", names, ok)
	}
	if !strings.Contains(log.String(), "entity.model") {
		t.Errorf("the log lacks it: %s", log.String())
	}
}

func FuzzLabel(f *testing.F) {
	f.Add("Ada Reyes of the Harbor Council spoke in Lisbon.")
	f.Add("\xff\xfeAda \xf0\x9f Reyes\x00 Lisbon\xe2\x82")
	f.Add("[SEP]東京 ##son\u0301 ﷺ" + strings.Repeat("x", 300))
	m := load(f, tiny())
	f.Fuzz(func(t *testing.T, text string) {
		names, ok := m.Label(text)
		if !ok {
			t.Error("cannot be labeled")
		}
		named(t, text, names)
	})
}
