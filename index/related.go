package index

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"broadsheet.example/news"
)

// An article is compared with others by its topics: the words that say most of
// it, and its entities. A topic weighs what it says of the article (its saturated
// frequency there, as in the score) times its rarity; all together weigh 1.
const (
	topicCandidates = 60   // words whose rarity is looked up
	topicWords      = 25   // words that count in the end
	topicEntities   = 10   // the most salient
	leastTopics     = 2    // that an article must share
	leastShared     = 0.15 // of the weight, that it must share
	spareHits       = 20   // beyond those wanted, for those that repeat the article
)

// Related returns what is closest to an article. It fails as [Engine.Search]
// does.
func (e *Engine) Related(ctx context.Context, q news.RelatedQuery) ([]news.Hit, error) {
	s, err := RelatedSearch(&q)
	if err != nil {
		return nil, err
	}
	result, err := e.search(ctx, s, &q.Article)
	if err != nil {
		return nil, err
	}
	return Closest(&q, result.Hits), nil
}

// RelatedSearch returns the search among whose hits the related articles are;
// what it looks for are [Mapper.Topics].
func RelatedSearch(q *news.RelatedQuery) (news.Query, error) {
	if err := q.Validate(); err != nil {
		return news.Query{}, err
	}
	s := news.Query{
		Filters: q.Filters, Size: min(q.Size+spareHits, news.MaxSize),
		Recency: news.RecencyOff, Collapse: news.CollapseDuplicates,
	}
	if at := q.Article.PublishedAt; q.Window > 0 && !at.IsZero() {
		s.From, s.To = at.Add(-q.Window), at.Add(q.Window)
	}
	return s, nil
}

// Closest returns the hits of a [RelatedSearch] that are related: those that share
// enough with the article and do not repeat it.
func Closest(q *news.RelatedQuery, hits []news.Hit) []news.Hit {
	var list []news.Hit
	for _, h := range hits {
		if h.Score >= leastShared && !repeats(&q.Article, &h) {
			list = append(list, h)
		}
	}
	return list[:min(len(list), q.Size)]
}

// repeats reports whether the hit is the article, or is near-identical to it.
func repeats(a *news.Article, h *news.Hit) bool {
	b := &h.Article
	if a.ID != "" && (a.ID == b.ID || a.ID == b.DuplicateOf || slices.Contains(h.Copies, a.ID)) {
		return true
	}
	return a.DuplicateOf != "" && (a.DuplicateOf == b.ID || a.DuplicateOf == b.DuplicateOf) ||
		a.Content != "" && strings.TrimSpace(a.Content) == strings.TrimSpace(b.Content)
}

// topics returns plans whose leaves may be topics of the article: in its own field
// set, which comes first, words and entities, in others that have articles the
// entities alone, unless nobody knows the article's language. Once the leaves were
// found, they go to chooseTopics.
func (m *mapper) topics(a *news.Article, stats *[numSets]setStats) []*plan {
	own := setOf(a.Language)
	plans := []*plan{{set: own, leaves: append(m.topicWords(a, own, stats[own]), topicsNamed(a)...)}}
	for set := range numSets {
		if set == own || stats[set].articles == 0 {
			continue
		}
		leaves := topicsNamed(a)
		if a.Language == "" {
			leaves = append(m.topicWords(a, set, stats[set]), leaves...)
		}
		plans = append(plans, &plan{set: set, leaves: leaves})
	}
	return plans
}

// topicWords are the words that weigh most in the article alone.
func (m *mapper) topicWords(a *news.Article, set fieldSet, stats setStats) []*leaf {
	var mt meta
	tokens := m.tokens(a, set, &mt)
	if len(tokens) == 0 {
		return nil
	}
	c := scorer{averages: stats.averages()}
	type word struct {
		term   string
		weight float64
	}
	var words []word
	for _, g := range groupTokens(tokens) {
		words = append(words, word{g.term, saturated(c.weighText(&mt.lengths, readFreqs(writeFreqs(g.counts))))})
	}
	slices.SortStableFunc(words, func(a, b word) int { return cmp.Compare(b.weight, a.weight) })
	leaves := make([]*leaf, min(len(words), topicCandidates))
	for i, w := range words[:len(leaves)] {
		leaves[i] = &leaf{kind: termLeaf, text: w.term, terms: []string{w.term}, mask: allText, scored: true, boost: w.weight}
	}
	return leaves
}

// topicsNamed are the article's entities: each counts like a word that stands
// there as often as it is named.
func topicsNamed(a *news.Article) []*leaf {
	var leaves []*leaf
	for _, e := range a.Entities {
		field, known := entityFields[e.Type]
		if !known || e.ID == "" || len(leaves) == topicEntities {
			continue
		}
		count := float64(max(e.Count, 1))
		if e.InTitle {
			count += titleWeight
		}
		leaves = append(leaves, &leaf{
			kind: entityLeaf, field: field.ids, text: e.Name, terms: []string{cleanValue(e.ID)}, scored: true, boost: saturated(count),
		})
	}
	return leaves
}

// chooseTopics keeps in the plans the topics that weigh most, and makes clauses of
// them. A word that no article but the one has is nobody's topic.
func chooseTopics(a *news.Article, plans []*plan) {
	least := 1
	if a.ID != "" {
		least = 2
	}
	whole, number := 0.0, 0
	for i, p := range plans {
		p.leaves = weightiest(p.leaves, least)
		if i == 0 || a.Language == "" {
			whole = weightOf(p.leaves)
		}
		var parts []clause
		for _, l := range p.leaves {
			l.key, l.number = l.makeKey(), number
			l.boost, l.idf = l.boost/whole, l.idf/whole
			parts = append(parts, l)
			number++
		}
		if len(parts) > 0 {
			p.root = enough{parts, min(leastTopics, len(parts))}
		}
	}
}

// weightOf is what topics weigh in the article itself.
func weightOf(leaves []*leaf) float64 {
	sum := 0.0
	for _, l := range leaves {
		sum += l.idf * l.boost
	}
	return sum
}

// weightiest returns the words that weigh most among the leaves, and the entities.
func weightiest(leaves []*leaf, least int) []*leaf {
	words, named := 0, []*leaf(nil)
	leaves = slices.DeleteFunc(leaves, func(l *leaf) bool { return l.articles < least })
	slices.SortStableFunc(leaves, func(a, b *leaf) int { return cmp.Compare(b.idf, a.idf) })
	for _, l := range leaves {
		if l.kind == termLeaf {
			if words++; words > topicWords {
				continue
			}
		}
		named = append(named, l)
	}
	return named
}

// resemble prepares the run to look for the topics of an article.
func (r *run) resemble(a *news.Article) error {
	r.plans = r.engine.mapper.topics(a, &r.view.stats)
	for _, p := range r.plans {
		for _, l := range p.leaves {
			n, err := r.articlesWith(l.place(p.set))
			if err != nil {
				return err
			}
			l.found(n, r.among(l, p.set))
		}
	}
	chooseTopics(a, r.plans)
	for _, p := range r.plans {
		r.leaves += len(p.leaves)
	}
	r.measured = true
	return nil
}

// among is how many articles there are of which some hold the topic.
func (r *run) among(l *leaf, set fieldSet) int {
	if l.kind == entityLeaf {
		return r.view.live
	}
	return r.view.stats[set].articles
}

// place is where the topic's articles are counted.
func (l *leaf) place(set fieldSet) countKey {
	if l.kind == entityLeaf {
		return countKey{l.field, l.terms[0]}
	}
	return countKey{textName(set), l.terms[0]}
}
