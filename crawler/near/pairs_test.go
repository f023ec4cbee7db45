package near_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// pair is two texts and whether they are one told twice.
type pair struct {
	kind string
	a, b string
	same bool
}

// pairs returns the labelled pairs: copies with the changes that desks make to
// agency reports, and pairs that only look like copies.
func pairs(t *testing.T) []pair {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	texts := pressTexts(t)
	list := wireCopies(t, texts)
	names := sortedKeys(texts)
	for i, name := range names {
		text := texts[name]
		if len(strings.Fields(text)) < 120 {
			continue
		}
		for _, e := range []int{i, i + 3} {
			edit := edits[e%len(edits)]
			list = append(list, pair{"copy: " + edit.name, text, edit.do(r, text), true})
		}
		other := texts[names[(i+7)%len(names)]]
		list = append(list, pair{"follow-up with the same background", text, followUp(text, other), false})
		if i%4 == 0 {
			list = append(list, pair{"teaser", text, beginning(text, 0.3), false})
		}
	}
	return append(append(list, sameStory(t, texts)...), forms(r)...)
}

func sortedKeys(m map[string]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// pressTexts reads the articles of the demo press.
func pressTexts(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../../demo/articles/*/*.md")
	if err != nil || len(files) < 80 {
		t.Fatalf("%d articles, %v", len(files), err)
	}
	texts := map[string]string{}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		_, body, _ := strings.Cut(string(raw), "\n---\n")
		body = strings.ReplaceAll(strings.TrimSpace(body), "{day}", "Thursday")
		if body != "" && !strings.Contains(f, ".corrected") {
			texts[strings.TrimSuffix(strings.TrimPrefix(f, "../../demo/articles/"), ".md")] = body
		}
	}
	return texts
}

func wireCopies(t *testing.T, texts map[string]string) []pair {
	t.Helper()
	a, b, c := texts["ledger/varna-pact-war-risk-premiums"], texts["courier/black-sea-agreement-signed-varna"], texts["foldline/black-sea-mines-agreement"]
	if a == "" || b == "" || c == "" {
		t.Fatal("the demo's wire copies are gone")
	}
	return []pair{{"wire", a, b, true}, {"wire", a, c, true}, {"wire", b, c, true}}
}

// sameStory pairs different articles on one event.
func sameStory(t *testing.T, texts map[string]string) []pair {
	t.Helper()
	subject := regexp.MustCompile(`varna|black-sea|dengue|lithium|halyard|hartnell|steel|cable|strike|wanderers|ship|danube|abara|montferrand|lunar`)
	byWord := map[string][]string{}
	for _, name := range sortedKeys(texts) {
		if word := subject.FindString(name); word != "" {
			byWord[word] = append(byWord[word], texts[name])
		}
	}
	wire := "Six Black Sea governments signed an agreement"
	var list []pair
	for _, group := range byWord {
		for i := range group {
			for _, other := range group[i+1:] {
				if !strings.Contains(group[i], wire) || !strings.Contains(other, wire) {
					list = append(list, pair{"same story, other text", group[i], other, false})
				}
			}
		}
	}
	return list
}

// edits are what desks do to a report before they print it.
var edits = []struct {
	name string
	do   func(r *rand.Rand, text string) string
}{
	{"nothing", func(_ *rand.Rand, s string) string { return s }},
	{"dateline and credit", func(_ *rand.Rand, s string) string {
		return "LONDON (Tidewater) - " + s + "\n\nReporting by the Tidewater Press Agency; editing by M. Oake."
	}},
	{"last paragraphs cut", func(_ *rand.Rand, s string) string { return beginning(s, 0.75) }},
	{"a paragraph added", func(_ *rand.Rand, s string) string {
		return s + "\n\nReaders with questions about this report may write to the desk, which answers every letter within a week and prints the most useful ones on Saturday."
	}},
	{"two sentences dropped", func(r *rand.Rand, s string) string { return dropSentences(r, s, 2) }},
	{"spelling and style", func(_ *rand.Rand, s string) string { return restyle.Replace(s) }},
	{"a new first paragraph", func(_ *rand.Rand, s string) string {
		_, rest, _ := strings.Cut(s, "\n\n")
		return "Here is what is known so far, from the desk that has followed the matter for months and will go on doing so.\n\n" + rest
	}},
	{"words replaced", func(r *rand.Rand, s string) string { return replaceWords(r, s, 0.02) }},
	{"paragraphs swapped", func(r *rand.Rand, s string) string {
		p := strings.Split(s, "\n\n")
		if len(p) > 3 {
			i := 1 + r.IntN(len(p)-2)
			p[i], p[i+1] = p[i+1], p[i]
		}
		return strings.Join(p, "\n\n")
	}},
	{"credit, cut and style together", func(_ *rand.Rand, s string) string {
		return "By our correspondent - " + restyle.Replace(beginning(s, 0.8))
	}},
}

var restyle = strings.NewReplacer("our ", "or ", "ise", "ize", "“", "\"", "”", "\"", "’", "'", "—", "-", " per cent", "%", "centre", "center", " said ", " says ")

// beginning returns about so much of a text, whole paragraphs where it can.
func beginning(s string, part float64) string {
	cut := int(float64(len(s)) * part)
	if i := strings.LastIndex(s[:cut], ". "); i > cut/2 {
		cut = i + 1
	}
	return s[:cut]
}

func dropSentences(r *rand.Rand, s string, n int) string {
	parts := strings.SplitAfter(s, ". ")
	for range n {
		if len(parts) > 6 {
			i := 1 + r.IntN(len(parts)-2)
			parts = slices.Delete(parts, i, i+1)
		}
	}
	return strings.Join(parts, "")
}

func replaceWords(r *rand.Rand, s string, part float64) string {
	w := strings.Split(s, " ")
	for range int(float64(len(w)) * part) {
		w[r.IntN(len(w))] = []string{"reported", "several", "meanwhile", "further"}[r.IntN(4)]
	}
	return strings.Join(w, " ")
}

// followUp is another article that ends with the background of text.
func followUp(text, other string) string {
	return beginning(other, 0.6) + "\n\n" + text[len(text)*6/10:]
}

// forms are reports that fill one form with different facts.
func forms(r *rand.Rand) []pair {
	var list []pair
	for name, form := range templates {
		for range 14 {
			list = append(list, pair{"form: " + name, fill(r, form), fill(r, form), false})
		}
	}
	return list
}

var blank = regexp.MustCompile(`\{(\w+)\}`)

func fill(r *rand.Rand, form string) string {
	return blank.ReplaceAllStringFunc(form, func(b string) string {
		switch kind := strings.Trim(b, "{}"); kind {
		case "n":
			return fmt.Sprint(2 + r.IntN(900))
		case "x":
			return fmt.Sprintf("%d.%d", 1+r.IntN(9), r.IntN(10))
		default:
			return values[kind][r.IntN(len(values[kind]))]
		}
	})
}

var values = map[string][]string{
	"place":  {"Ostrava", "Cork", "Tromso", "Bergamo", "Malaga", "Aarhus", "Gdansk", "Tartu", "Leuven", "Porto", "Split", "Graz"},
	"person": {"Ilse Brandt", "Marek Novotny", "Aoife Brennan", "Lucia Ferri", "Jens Holm", "Piotr Zielinski", "Ana Duarte", "Tomas Oja", "Karin Vos"},
	"firm":   {"Helvar", "Norvex", "Castelline", "Ambroise", "Kettering", "Dunmore", "Polarin", "Vantaa Steel", "Orsova"},
	"day":    {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
	"month":  {"January", "March", "April", "June", "August", "October"},
	"dir":    {"rose", "fell", "slipped", "climbed", "gained", "lost"},
	"sea":    {"the North Sea", "the Adriatic", "the Baltic", "the Bay of Biscay", "the Aegean"},
	"crime":  {"fraud", "arson", "burglary", "embezzlement", "smuggling"},
}

var templates = map[string]string{
	"quake":    `An earthquake of magnitude {x} shook the area around {place} on {day}, the seismological institute said. The tremor struck at a depth of {n} kilometres and was felt as far as {place}. There were no immediate reports of damage or injuries. The institute said that aftershocks were possible in the coming days and asked residents to report what they had felt on its website. The region sees about {n} tremors a year, most of them too weak to be noticed. The strongest of the past decade, in {month}, had a magnitude of {x}.`,
	"market":   `Shares in {place} {dir} on {day}, with the main index closing {x} percent at {n} points. Trading was thin ahead of the central bank's decision. {firm} led the market, its shares moving {x} percent after it published figures for the quarter. {firm} {dir} by {x} percent. Among the smaller companies {firm} stood out with a move of {x} percent. The currency {dir} against the dollar. The yield on ten-year government bonds stood at {x} percent. Turnover was {n} million, compared with an average of {n} million over the past month.`,
	"match":    `{place} beat {place} {n} to {n} on {day} in front of {n} spectators. {person} opened the scoring in minute {n} after a corner, and {person} added a second before the break. The visitors came back into the game in the second half, but {person} put the result beyond doubt with {n} minutes left. "We knew that it would be difficult," the coach, {person}, said afterwards. "The team deserves all the credit." {place} stay in place {n} of the table and next play {place} on {day}.`,
	"weather":  `The weather service has issued a warning of storms for {sea} and the coast near {place} from {day} evening. Gusts of up to {n} kilometres an hour are expected, and as much as {n} millimetres of rain may fall within a day. Ferry services to {place} may be cancelled at short notice. Drivers of high vehicles were advised to avoid the bridge. The service expects the wind to ease by {day}. Temperatures will stay around {n} degrees. The public was asked to keep away from the shore and to follow the advice of the authorities.`,
	"results":  `{firm} said on {day} that its revenue {dir} by {x} percent to {n} million in the quarter that ended in {month}. Net profit {dir} to {n} million from {n} million a year earlier. The chief executive, {person}, said that demand in {place} had been better than expected while costs remained a concern. The company expects revenue of between {n} and {n} million for the full year. It will pay a dividend of {x} a share. Analysts had expected a profit of {n} million. Shares in {firm} {dir} by {x} percent in early trading.`,
	"court":    `A court in {place} sentenced {person} to {n} months in prison for {crime} on {day}. The court found that the defendant had caused damage of {n} thousand between {month} and {month}. The defence, led by {person}, had asked for acquittal and said it would appeal. The prosecutor, {person}, called the sentence appropriate. Two co-defendants were given suspended sentences of {n} months each. The trial had lasted {n} days and heard {n} witnesses. The judgment is not yet final. The judge, {person}, said in her reasons that the case had shown how little control there had been.`,
	"lottery":  `The numbers drawn on {day} were {n}, {n}, {n}, {n}, {n} and {n}; the bonus number was {n}. The jackpot of {n} million was not won and rolls over to the next draw. Tickets with five right numbers were sold in {place} and {place}. The organisers reminded players that prizes must be claimed within ninety days with the original ticket, which should be signed on the back, at any of the offices that are listed on the website. The draw took place under the supervision of a notary. Players should set themselves a limit and keep to it; help is available free of charge at any hour.`,
	"briefing": `Good morning from {place}. Here is what to look out for on {day}. The finance minister, {person}, presents the budget at noon. {firm} publishes its figures. In the evening {place} play {place}. The weather stays dry. You are reading the morning briefing, which comes to you at six every working day. If it was forwarded to you, you can subscribe on our website, where you will also find the archive of all issues, the puzzle and the letters. Tell us what you think of it: our address stands below, and we read everything that is sent to us. Have a good day.`,
}
