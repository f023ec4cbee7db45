package extract

import "broadsheet.example/news"

// Shares and lengths that tell a cut text from a whole one.
const (
	// minWords is the length below which nothing was extracted worth the name.
	minWords = 25
	// shortWords is the length up to which a walled text is taken for a teaser.
	shortWords = 150
	// longWords is the length from which a text is whole unless it says
	// otherwise itself.
	longWords = 400
	// declaredShare is the share of the declared words that a whole text has.
	declaredShare = 0.6
)

// Completeness judges from several signs together how much of the article the
// content holds. feedSummaryWords is the length of the feed's own summary, 0
// when there is none: a text no longer than it is no more than a teaser. A
// prompt to sign up after a complete body does not make it partial.
func Completeness(c *Content, feedSummaryWords int) news.Completeness {
	if c.Words == 0 {
		return news.FeedOnly
	}
	signs := 0
	if c.Wall.Access == AccessPaid {
		signs += 2
	}
	if c.Wall.Markers > 0 {
		signs++
	}
	if len(c.Wall.Prompts) > 0 {
		signs++
	}
	if c.Wall.Truncated {
		signs += 2
	}
	if d := c.Wall.DeclaredWords; d > minWords {
		if float64(c.Words) < declaredShare*float64(d) {
			signs += 2
		} else {
			signs -= 2
		}
	}
	switch {
	case c.Words < minWords && feedSummaryWords > c.Words:
		return news.FeedOnly
	case feedSummaryWords > 0 && c.Words <= feedSummaryWords && feedSummaryWords < longWords:
		signs++
	case c.Words < shortWords:
		signs++
	case c.Words >= longWords:
		signs -= 2
	}
	if signs >= 3 {
		return news.Partial
	}
	return news.Full
}
