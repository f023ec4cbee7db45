package index

import (
	"fmt"
	"hash/maphash"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/lang/cjk"
	"github.com/blevesearch/bleve/v2/analysis/lang/de"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/lang/es"
	"github.com/blevesearch/bleve/v2/analysis/lang/fr"
	"github.com/blevesearch/bleve/v2/analysis/lang/it"
	"github.com/blevesearch/bleve/v2/analysis/lang/nl"
	"github.com/blevesearch/bleve/v2/analysis/lang/pt"
	"github.com/blevesearch/bleve/v2/analysis/lang/ru"
	"github.com/blevesearch/bleve/v2/analysis/token/lowercase"
	"github.com/blevesearch/bleve/v2/analysis/token/porter"
	"github.com/blevesearch/bleve/v2/analysis/token/stop"
	"github.com/blevesearch/bleve/v2/registry"
)

const (
	// maxTermBytes bounds a term; what is longer is cut.
	maxTermBytes = 64
	// maxCachedWords bounds the words whose normal form one analyzer keeps.
	maxCachedWords = 200_000
)

// englishStops are Lucene's 33 stop words of English.
const englishStops = "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with"

// token is one term of a text. Stop words leave a gap in the positions.
type token struct {
	term       string
	hash       uint64 // of the term, by the analyzer's own seed
	start, end int    // byte offsets in the text
	pos        int    // counted from 1
}

// analyzer turns text into tokens. It is safe for concurrent use.
type analyzer struct {
	filters []analysis.TokenFilter
	folded  bool // accents are folded before the filters, not only after them
	bigrams bool
	seed    maphash.Seed

	mu    sync.RWMutex
	terms map[string]normal // by word as written
}

// normal is what becomes of a word.
type normal struct {
	term string // empty for a stop word
	hash uint64 // of the term
	word bool   // it has a letter or a digit, so that it takes a position
}

// newAnalyzers returns the analyzer of each field set.
func newAnalyzers() ([numSets]*analyzer, error) {
	var list [numSets]*analyzer
	list[setStd] = newAnalyzer(lowercase.NewLowerCaseFilter())
	list[setEnglish] = newAnalyzer(en.NewPossessiveFilter(), lowercase.NewLowerCaseFilter(),
		stop.NewStopTokensFilter(englishStopMap()), porter.NewPorterStemmer())
	list[setEnglish].folded = true
	list[setCJK] = newAnalyzer(cjk.NewCJKWidthFilter(), lowercase.NewLowerCaseFilter(), cjk.NewCJKBigramFilter(false))
	list[setCJK].bigrams = true

	cache := registry.NewCache()
	for _, name := range []string{de.AnalyzerName, fr.AnalyzerName, es.AnalyzerName, it.AnalyzerName, pt.AnalyzerName, nl.AnalyzerName, ru.AnalyzerName} {
		a, err := cache.AnalyzerNamed(name)
		if err != nil {
			return list, fmt.Errorf("analyzer %s: %w", name, err)
		}
		chain, ok := a.(*analysis.DefaultAnalyzer)
		if !ok {
			return list, fmt.Errorf("analyzer %s: unexpected type %T", name, a)
		}
		list[setOf(name)] = newAnalyzer(chain.TokenFilters...)
	}
	list[setRussian].folded = true // the stop words and stems are written without ё
	return list, nil
}

func newAnalyzer(filters ...analysis.TokenFilter) *analyzer {
	return &analyzer{filters: filters, seed: maphash.MakeSeed(), terms: make(map[string]normal)}
}

func englishStopMap() analysis.TokenMap {
	m := analysis.NewTokenMap()
	for w := range strings.FieldsSeq(englishStops) {
		m.AddToken(w)
	}
	return m
}

// analyze returns the tokens of text.
func (a *analyzer) analyze(text string) []token {
	return a.append(make([]token, 0, len(text)/6+4), text)
}

// append adds the tokens of text to a list.
func (a *analyzer) append(tokens []token, text string) []token {
	if a.bigrams {
		return a.appendBigrams(tokens, text)
	}
	pos := 0
	words := splitWords(text, make([]word, 0, len(text)/6+4))
	a.mu.RLock()
	defer a.mu.RUnlock()
	for _, w := range words {
		n, ok := a.terms[text[w.start:w.end]]
		if !ok {
			a.mu.RUnlock()
			n = a.learn(text[w.start:w.end])
			a.mu.RLock()
		}
		if n.word {
			pos++
		}
		if n.term != "" {
			tokens = append(tokens, token{term: n.term, hash: n.hash, start: w.start, end: w.end, pos: pos})
		}
	}
	return tokens
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// term returns the normal form of a word, empty for a stop word.
func (a *analyzer) term(raw string) string {
	a.mu.RLock()
	n, ok := a.terms[raw]
	a.mu.RUnlock()
	if !ok {
		n = a.learn(raw)
	}
	return n.term
}

// learn finds and keeps the normal form of a word.
func (a *analyzer) learn(raw string) normal {
	n := normal{word: strings.ContainsFunc(raw, isWordRune)}
	if n.word {
		n.term = a.normalize(raw)
		n.hash = maphash.String(a.seed, n.term)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.terms) >= maxCachedWords {
		clear(a.terms)
	}
	a.terms[strings.Clone(raw)] = n
	return n
}

func (a *analyzer) normalize(raw string) string {
	s := joinAcronym(foldApostrophes(cut(raw, maxTermBytes)))
	if a.folded {
		s = foldAccents(s)
	}
	stream := analysis.TokenStream{{Term: []byte(s), Start: 0, End: len(s), Position: 1, Type: analysis.AlphaNumeric}}
	for _, f := range a.filters {
		stream = f.Filter(stream)
	}
	if len(stream) == 0 {
		return ""
	}
	return foldAccents(string(stream[0].Term))
}

func (a *analyzer) appendBigrams(tokens []token, text string) []token {
	for _, t := range bigramTokens(blankInvalid(text), a.filters) {
		term := foldAccents(joinAcronym(foldApostrophes(cut(string(t.Term), maxTermBytes))))
		if strings.ContainsFunc(term, isWordRune) {
			tokens = append(tokens, token{term: term, hash: maphash.String(a.seed, term), start: t.Start, end: t.End, pos: t.Position})
		}
	}
	return tokens
}

// blankInvalid returns text with every byte that is not valid UTF-8 blanked, so
// that offsets stay what they are.
func blankInvalid(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	b := []byte(text)
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			b[i] = ' '
		}
		i += n
	}
	return string(b)
}
