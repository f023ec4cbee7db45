package language

import (
	"os"
	"slices"
	"strings"
	"testing"
)

func TestChoose(t *testing.T) {
	const (
		english  = "The council said on Tuesday that the harbour wall would be raised by two metres before the winter storms arrive, after years of argument about who should pay for it."
		spanish  = "El ayuntamiento anunció el martes que el muro del puerto se elevará dos metros antes de que lleguen las tormentas de invierno, tras años de discusión sobre quién debe pagarlo."
		japanese = "市議会は火曜日、冬の嵐が来る前に港の壁を二メートル高くすると発表した。"
		kanji    = "東京都知事選挙 候補者討論会開催決定"
		kazakh   = "Қалалық кеңес сейсенбі күні порт қабырғасы қысқы дауылдар келгенге дейін екі метрге көтерілетінін хабарлады."
	)
	code := strings.Repeat("Deprecated: Assigning the return value of new by reference is deprecated in settings.php on line 520. ", 6)
	tests := []struct {
		name, text string
		stated     []string
		want       string
	}{
		{"page says", english, []string{"en-GB", ""}, "en"},
		{"feed says", english, []string{"", "EN_us"}, "en"},
		{"nobody says", spanish, nil, "es"},
		{"page is wrong", spanish + " " + spanish, []string{"en"}, "es"},
		{"page and feed are wrong", spanish + " " + spanish, []string{"en", "fr"}, "es"},
		{"too short to overrule the page", spanish[:100], []string{"en"}, "en"},
		{"page and feed differ, the text decides", spanish, []string{"pt", "es"}, "es"},
		{"page and feed differ, the text is short", "Gol!", []string{"pt", "es"}, "pt"},
		{"nonsense of the page, feed says", "Gol!", []string{"portuguese", "pt-BR"}, "pt"},
		{"short text keeps what is stated", "Gol!", []string{"pt"}, "pt"},
		{"nothing known", "", nil, ""},
		{"numbers", "12 345 678 901 234 567 890 123", []string{"it"}, "it"},
		{"nonsense stated", english, []string{"english"}, "en"},
		{"a script of one language", japanese, []string{"en"}, "ja"},
		{"no kana, stated", kanji, []string{"ja"}, "ja"},
		{"no kana, nothing stated", kanji, nil, "zh"},
		{"unknown to the detector, stated", kazakh, []string{"kk"}, "kk"},
		{"unknown to the detector, nothing stated", kazakh, nil, ""},
		{"unknown to the detector, stated wrongly", kazakh, []string{"en"}, ""},
		{"a country for a language", "Gol!", []string{"JP"}, "ja"},
		{"another language before the article", code + strings.Repeat(spanish+" ", 20), []string{"es"}, "es"},
		{"broken bytes", "\xff\xfe" + spanish + "\xf0\x9f", nil, "es"},
	}
	for _, tt := range tests {
		if got := Choose(tt.text, tt.stated...); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestCode(t *testing.T) {
	for tag, want := range map[string]string{
		"": "", "en": "en", " EN-gb ": "en", "pt_BR": "pt", "deu": "de", "nb-NO": "no", "nn": "no", "iw": "he", "fil": "tl",
		"cz": "cs", "xx": "", "und": "", "english": "", "e\xff": "", "zh-Hant-TW": "zh", "mul": "",
	} {
		if got := Code(tag); got != want {
			t.Errorf("Code(%q) = %q, want %q", tag, got, want)
		}
	}
}

// report is a text whose language is known.
type report struct{ code, text string }

func reports(t testing.TB) []report {
	t.Helper()
	file, err := os.ReadFile("testdata/texts.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all []report
	for line := range strings.Lines(string(file)) {
		if code, text, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			all = append(all, report{code, text})
		}
	}
	return all
}

// Languages of the reports that are not told, or not as they are, from their
// texts alone: those that the detector takes for each other, and those that it
// does not know.
var (
	untold  = strings.Fields("da no is ca gl eu sq kk")
	mistold = map[string]string{"sk": "cs", "sw": "ha"}
	doubted = strings.Fields("nl bg uk ru") // told, but not with the certainty that overrules
)

// beginning returns the first words of a text: of one without spaces, as many
// letters as such words come to.
func beginning(text string, words int) string {
	if fields := strings.Fields(text); len(fields) > 2*words {
		return strings.Join(fields[:words], " ")
	}
	r := []rune(text)
	return string(r[:min(len(r), 3*words)])
}

// TestReports shows what becomes of a short report in each language when its
// page states nothing, the truth, or one of the other languages.
func TestReports(t *testing.T) {
	all := reports(t)
	for _, r := range all {
		want := r.code
		if other, ok := mistold[r.code]; ok {
			want = other
		} else if slices.Contains(untold, r.code) {
			want = ""
		}
		if got := Choose(r.text); got != want {
			t.Errorf("%s, nothing stated: %q, want %q", r.code, got, want)
		}
		for _, n := range []int{1, 4, 8, 25, 1000} {
			if got := Choose(beginning(r.text, n), r.code); got != r.code {
				t.Errorf("%s, %d words, the truth stated: %q", r.code, n, got)
			}
		}
		for _, other := range []string{"en", "de", "es", "ca", "ru", "zh"} {
			switch got := Choose(r.text, other); {
			case got == r.code || got == want && want != "":
			case got == other && (want != r.code || other == "ca" || areNear(other, r.code)): // nothing certain speaks against it
			case got == other && slices.Contains(doubted, r.code):
			case got == "" && want == "":
			default:
				t.Errorf("%s, %s stated: %q", r.code, other, got)
			}
		}
	}
}

// TestShort counts how many beginnings of reports are told without anything
// stated. It is the table of docs/entities.md.
func TestShort(t *testing.T) {
	for _, tt := range []struct{ words, leastRight, mostWrong int }{{4, 10, 0}, {8, 25, 0}, {25, 28, 1}, {1000, 39, 2}} {
		right, wrong, all := 0, 0, reports(t)
		for _, r := range all {
			switch Choose(beginning(r.text, tt.words)) {
			case r.code:
				right++
			case "":
			default:
				wrong++
			}
		}
		t.Logf("%d words: of %d languages %d right, %d wrong, the rest not told", tt.words, len(all), right, wrong)
		if right < tt.leastRight || wrong > tt.mostWrong {
			t.Errorf("%d words: %d right and %d wrong, want at least %d and at most %d", tt.words, right, wrong, tt.leastRight, tt.mostWrong)
		}
	}
}

// TestConfirms shows that small words never confirm another language.
func TestConfirms(t *testing.T) {
	confirmed := 0
	for _, r := range reports(t) {
		for _, code := range smallLanguages {
			switch {
			case !confirms(r.text, code):
			case code == r.code:
				confirmed++
			default:
				t.Errorf("%s is taken for %s", r.code, code)
			}
		}
	}
	if confirmed < 6 {
		t.Errorf("%d of %d languages are confirmed by their small words", confirmed, len(smallLanguages))
	}
}

func FuzzChoose(f *testing.F) {
	for _, r := range reports(f) {
		f.Add(r.text, r.code)
	}
	f.Add("\xff\xfe", "\xff-")
	f.Fuzz(func(t *testing.T, text, stated string) {
		got := Choose(text, stated)
		if got != "" && Code(got) != got {
			t.Errorf("%q is no code", got)
		}
		if again := Choose(text, stated); len(text) > 0 && got != again {
			t.Errorf("%q, then %q", got, again)
		}
	})
}

func BenchmarkChoose(b *testing.B) {
	texts := map[string]string{}
	for _, r := range reports(b) {
		texts[r.code] = strings.Repeat(r.text+"\n\n", 10)
	}
	for _, bm := range []struct{ name, text, stated string }{
		{"stated", "en", "en"}, {"stated wrongly", "de", "en"}, {"not stated", "de", ""}, {"other script", "ja", "en"}, {"stated, other", "sv", "sv"},
	} {
		b.Run(bm.name, func(b *testing.B) {
			for b.Loop() {
				Choose(texts[bm.text], bm.stated)
			}
		})
	}
}
