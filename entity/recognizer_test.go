package entity_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"broadsheet.example/entity"
	"broadsheet.example/news"
	"github.com/google/go-cmp/cmp"
)

// shared returns one Recognizer for all tests, which it also shows to be safe
// for them to share.
var shared = sync.OnceValues(entity.New)

func recognizer(t testing.TB) *entity.Recognizer {
	t.Helper()
	r, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// counted writes entities as "type:name xCOUNT country" in their order.
func counted(es []news.Entity) []string {
	var out []string
	for _, e := range es {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s:%s x%d %s", e.Type, e.Name, e.Count, e.Country)))
	}
	return out
}

// brief writes entities as "type:name" in their order.
func brief(es []news.Entity) []string {
	var out []string
	for _, e := range es {
		out = append(out, string(e.Type)+":"+e.Name)
	}
	return out
}

func TestRecognize(t *testing.T) {
	tests := []struct {
		name, title, text string
		want, never       []string
	}{
		{
			name:  "surname and title",
			title: "Biden meets leaders in Paris",
			text:  "President Joe Biden arrived in Paris on Monday. Mr. Biden will stay two days, Biden's office said.",
			want:  []string{"person:Joe Biden", "place:Paris"},
			never: []string{"person:Biden", "person:President Joe Biden"},
		},
		{
			name:  "country's short forms",
			text:  "The United States and China agreed. The U.S. will send envoys, and the US Congress was told.",
			want:  []string{"place:United States", "place:China"},
			never: []string{"place:U.S.", "place:US"},
		},
		{
			name:  "acronym introduced",
			text:  "The Israel Defense Forces (IDF) said so on Tuesday. An IDF spokesman declined to say more.",
			want:  []string{"organization:Israel Defense Forces"},
			never: []string{"organization:IDF"},
		},
		{
			name:  "headline words",
			title: "Biden Meets Xi as Storm Batters Coast, Case for Raising Wages Grows",
			text:  "The leaders talked for an hour.",
			want:  []string{"person:Joe Biden"},
			never: []string{"place:Batters Coast", "organization:Case for Raising", "person:Meets Xi"},
		},
		{
			name:  "form of address",
			text:  "Ms Quellbrook opened the plant. Workers had waited for Ms Quellbrook since noon, and Mr Price Group shares fell.",
			want:  []string{"person:Quellbrook"},
			never: []string{"organization:Ms Quellbrook", "person:Price Group"},
		},
		{
			name:  "who acts where",
			text:  "In Sofia Desislava Koleva, the leader of the opposition, said no.",
			want:  []string{"place:Sofia", "person:Desislava Koleva"},
			never: []string{"person:Sofia Desislava Koleva"},
		},
		{
			name:  "no names",
			text:  "Why it matters: Israelis and Palestinians met on Monday in January. Zoom in: Republicans objected.",
			never: []string{"place:Israelis", "person:Zoom", "organization:Why", "place:Monday"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := brief(recognizer(t).Recognize(tt.title, tt.text, "en"))
			all := "\n" + strings.Join(got, "\n") + "\n"
			for _, w := range tt.want {
				if !strings.Contains(all, "\n"+w+"\n") {
					t.Errorf("%s is missing from %q", w, got)
				}
			}
			for _, w := range tt.never {
				if strings.Contains(all, "\n"+w+"\n") {
					t.Errorf("%s is in %q", w, got)
				}
			}
		})
	}
}

func TestRecognizeFields(t *testing.T) {
	got := recognizer(t).Recognize("Kenya votes", "Voters in Kenya chose on Friday. Kenya waits.", "en")
	want := []news.Entity{{
		ID: news.EntityID(news.Place, "kenya"), Type: news.Place, Name: "Kenya",
		Count: 3, First: 10, InTitle: true, Country: "ke",
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Recognize (-want +got)\n%s", diff)
	}
}

func TestResolve(t *testing.T) {
	given := []news.Entity{
		{Type: news.Place, Name: "U.S."},
		{Type: news.Place, Name: "United States"},
		{Type: news.Person, Name: "President Joe Biden"},
		{Type: news.Organization, Name: "Acme Widgets Inc."},
		{Type: "thing", Name: "Spoon"},
		{Type: news.Person, Name: "  "},
	}
	want := []news.Entity{
		{ID: news.EntityID(news.Place, "united states"), Type: news.Place, Name: "United States", Country: "us"},
		{ID: news.EntityID(news.Person, "joe biden"), Type: news.Person, Name: "Joe Biden"},
		{ID: news.EntityID(news.Organization, "acme widgets"), Type: news.Organization, Name: "Acme Widgets"},
	}
	if diff := cmp.Diff(want, recognizer(t).Resolve(given)); diff != "" {
		t.Errorf("Resolve (-want +got)\n%s", diff)
	}
}

func TestInspect(t *testing.T) {
	in := strings.NewReader("{\"id\":\"a\",\"text\":\"Rain in Kenya.\"}\n\n{\"id\":2,\"text\":\"\"}\n")
	var out strings.Builder
	if err := entity.Inspect(t.Context(), in, &out, recognizer(t)); err != nil {
		t.Fatal(err)
	}
	want := `{"id":"a","mentions":[{"start":8,"end":13,"type":"place"}]}` + "\n" + `{"id":2,"mentions":[]}` + "\n"
	if out.String() != want {
		t.Errorf("got %s want %s", out.String(), want)
	}
	if err := entity.Inspect(t.Context(), strings.NewReader("{}\n[\n"), &out, recognizer(t)); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("bad line: got %v, want an error with its number", err)
	}
}

func FuzzRecognize(f *testing.F) {
	f.Add("Biden in Paris, Texas", "The \xff Israel Defense Forces (IDF) of J. B. O’Hara-Özil’s 習近平")
	f.Add("POLICE — Two men", "The governor, who had been away for two weeks and more, went back to the old city of New\nORLEANS — The talks went on.")
	f.Add("In Sofia", "In Kenya  Ada Berg met Mrs. Bank of\nChina (AP) — ÅLESUND, Norway – no.")
	r := recognizer(f)
	f.Fuzz(func(t *testing.T, title, text string) {
		end := 0
		for _, m := range r.Mentions(text) {
			if m.Start < end || m.End <= m.Start || m.End > len(text) {
				t.Fatalf("mention %+v after byte %d of %d", m, end, len(text))
			}
			if utf8.ValidString(text) && !utf8.ValidString(text[m.Start:m.End]) {
				t.Fatalf("mention %+v cuts a character", m)
			}
			end = m.End
		}
		for _, e := range r.Recognize(title, text, "") {
			if !news.IsEntityID(e.ID) || e.Name == "" || e.Count < 1 || e.First > len(text) {
				t.Fatalf("entity %+v", e)
			}
		}
	})
}

func TestUnknownLanguage(t *testing.T) {
	german := "Die Regierung in Berlin will nach Angaben aus der Hauptstadt noch in dieser Woche entscheiden, ob die neue Strecke gebaut wird. " +
		"Der Minister sagte am Montag, Deutschland und Frankreich seien sich einig, und die Kosten würden geteilt."
	got := brief(recognizer(t).Recognize("", german, ""))
	if want := []string{"place:Berlin", "place:Germany", "place:France"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLongText(t *testing.T) {
	if testing.Short() {
		t.Skip("labels a megabyte")
	}
	const line = "It rained in Nairobi again. "
	text := strings.Repeat(line, entity.MaxText/len(line)+1000)
	got := recognizer(t).Mentions(text)
	if len(got) == 0 {
		t.Fatal("no mentions")
	}
	if last := got[len(got)-1]; last.End > entity.MaxText || last.End < entity.MaxText-2*len(line) {
		t.Errorf("last mention ends at %d, the cap is %d", last.End, entity.MaxText)
	}
}

// TestConcurrent shows that one Recognizer gives the same answer to everybody
// at once.
func TestConcurrent(t *testing.T) {
	r := recognizer(t)
	want := r.Recognize("Zambia waits", article, "en")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if diff := cmp.Diff(want, r.Recognize("Zambia waits", article, "en")); diff != "" {
				t.Errorf("another answer (-want +got)\n%s", diff)
			}
		})
	}
	wg.Wait()
}

func TestDatelineIsNoLabel(t *testing.T) {
	r, err := entity.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range r.Recognize("Trawlers stay in port", "HULL — The trawlers stayed in port on Monday, their owners said.", "en") {
		if e.Type == news.Place && e.Name != "Hull" {
			t.Errorf("the dateline gives %q, want Hull", e.Name)
		}
	}
}
