package extract

// hint is a set of things that the names of an element suggest it to be.
type hint uint32

const (
	hintBody hint = 1 << iota // the article's text
	hintContent
	hintComment
	hintRelated
	hintTeaser
	hintShare
	hintAd
	hintNav
	hintMeta
	hintBio
	hintCaption
	hintTags
	hintSide
	hintSignUp
	hintFooter
	hintHeader
	hintSummary
	hintTool
	hintMain
	hintQuote

	hints = 20 // how many there are
)

// hintWords finds the parts of names that suggest each hint.
var hintWords = newMatcher([][]string{
	{
		"articlebody", "article-body", "article_body", "article__body", "entry-content", "post-content", "post-body", "postbody",
		"story-body", "storybody", "article-content", "article__content", "article_content", "articlecontent", "article-text", "article__text", "articletext",
		"story-content", "story_content", "body-copy", "bodycopy", "text-body", "body-text", "bodytext", "field-name-body", "field--name-body",
		"cuerpo", "artikeltext", "entry-body", "post_content", "entry_content", "mw-content", "single-content", "content-text", "news-text", "rich-text", "richtext", "news-content", "post-text",
	},
	{"article", "story", "post", "entry", "content", "body", "text", "artikel", "articulo", "nota", "noticia", "news"},
	{"comment", "disqus", "respond", "repl", "kommentar", "coment", "discussion", "feedback", "livefyre", "forum"},
	{
		"related", "recommend", "similar", "popular", "trending", "most", "latest", "recent", "outbrain", "taboola", "zergnet", "more-", "morefrom",
		"read-more", "readmore", "also", "relacionad", "verwandt", "further", "next", "prev",
	},
	{"teaser", "card", "promo", "carousel", "slider", "swiper", "grid", "listing", "loop", "archive", "thumb", "item-list", "headlines", "feed"},
	{"share", "social", "sharing", "facebook", "twitter", "whatsapp", "addthis", "addtoany", "sns", "follow", "instagram", "jp-relatedposts", "sd-"},
	{"advert", "sponsor", " ad-", "-ad ", "-ads", " ads", "_ad", "banner", "dfp", "werbung", "anzeige", "publicid", "gpt", "affiliate", "commercial"},
	{"nav", "menu", "breadcrumb", "pagination", "pager", "toolbar", "topbar", "skip", "tabs", "dropdown", "crumb", "sitemap"},
	{"byline", "author", "meta", "date", "time", "publish", "posted", "dateline", "info", "autor", "fecha", "datum", "updated", "source"},
	{"author-box", "author-bio", "authorbox", "about-author", "about-the-author", "author_bio", "author-info", "author-desc", "bio", "vcard", "contributor", "profile"},
	{"caption", "credit", "photo", "image", "img", "gallery", "figure", "video", "picture", "media", "bild", "foto", "embed", "player"},
	{"tag", "topic", "categor", "keyword", "label", "taxonomy", "section-name", "rubri"},
	{"side", "widget", "rail", "complement", "secondary", "right-col", "rightcol", "aside", "left-col", "leftcol", "col-right"},
	{
		"newsletter", "subscri", "signup", "sign-up", "login", "register", "paywall", "cookie", "consent", "gdpr", "popup", "modal", "overlay",
		"donat", "mailchimp", "optin", "regist", "account", "membership", "piano",
	},
	{"foot", "copyright", "legal", "disclaimer", "bottom", "colophon", "impressum", "imprint"},
	{"header", "masthead", "headline", "title", "hero", "titel", "titulo", "heading"},
	{"lead", "lede", "intro", "summary", "standfirst", "dek", "subtitle", "sub-title", "excerpt", "description", "kicker", "chapo", "abstract", "subhead", "sapo", "vorspann", "bajada", "entradilla"},
	{"tool", "print", "button", "btn", "action", "icon", "rating", "vote", "search", "form", "input", "poll", "quiz"},
	{"main", "primary", "single", "page", "wrapper", "container"},
	{"quote", "pullquote", "blockquote", "tweet", "factbox", "infobox", "fact-box", "info-box", "sidebar-inline", "inline"},
})

// hintsOf reads an element's names, which are in lower case.
func hintsOf(names string) hint { return hint(hintWords.find(names)) }
