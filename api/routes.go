package api

// Paths that are named in more than one place.
const (
	pathImport         = "/v1/import"
	pathImportArticles = "/v1/import/articles"
	pathExportNDJSON   = "/v1/export/articles.ndjson"
	pathExportCSV      = "/v1/export/articles.csv"
	pathStream         = "/v1/stream"
	pathReindex        = "/v1/reindex"
	pathDiscover       = "/v1/discover"
)

// routes is the whole table. Each GET answers HEAD too. openapi.yaml describes
// every line of it, and a test compares the two.
func (s *Server) routes() {
	app := s.app
	app.Get("/v1/search", s.search)
	app.Post("/v1/search", s.search)
	app.Get("/v1/search.rss", s.syndicate("application/rss+xml", writeRSS))
	app.Get("/v1/search.atom", s.syndicate("application/atom+xml", writeAtom))
	app.Get("/v1/search.json", s.syndicate("application/feed+json", writeJSONFeed))
	app.Get(pathStream, s.stream)
	app.Get("/opensearch.xml", s.openSearch)
	app.Get("/v1/articles/:id", s.article)
	app.Get("/v1/articles/:id/related", s.related)
	app.Get("/v1/articles/:id/revisions", s.revisions)
	app.Get("/v1/articles/:id/revisions/:n/diff", s.revisionDiff)
	app.Delete("/v1/articles/:id", s.allow(ScopeAdmin), s.removeArticle)
	app.Get("/v1/lookup", s.lookup)
	app.Get("/v1/sources", s.sources)
	app.Post("/v1/related", s.relatedToText)
	app.Get("/v1/timeseries", s.timeseries)
	app.Post("/v1/timeseries", s.timeseries)
	app.Get("/v1/entities", s.entities)
	app.Post("/v1/entities", s.entities)
	app.Get("/v1/entities/:id", s.entity)
	app.Patch("/v1/entities/:id", s.allow(ScopeWrite), s.renameEntity)
	app.Post("/v1/entities/:id/merge", s.allow(ScopeWrite), s.mergeEntity)
	app.Post("/v1/entities/:id/split", s.allow(ScopeWrite), s.splitEntity)
	app.Post("/v1/entities/:id/aliases", s.allow(ScopeWrite), s.aliasEntity)
	app.Get("/v1/suggest", s.suggest)
	app.Get("/v1/query/validate", s.validateQuery)

	app.Get("/v1/feeds", s.listFeeds)
	app.Post("/v1/feeds", s.allow(ScopeWrite), s.addFeed)
	app.Get("/v1/feeds/:id", s.feed)
	app.Patch("/v1/feeds/:id", s.allow(ScopeWrite), s.changeFeed)
	app.Delete("/v1/feeds/:id", s.allow(ScopeWrite), s.deleteFeed)
	app.Post("/v1/feeds/:id/refresh", s.allow(ScopeWrite), s.refreshFeed)
	app.Get("/v1/feeds/:id/health", s.feedHealth)
	app.Post(pathDiscover, s.allow(ScopeWrite), s.discover)
	app.Get("/v1/trace", s.trace)
	app.Get("/v1/pauses", s.listPauses)
	app.Post("/v1/pauses", s.allow(ScopeWrite), s.pause)
	app.Delete("/v1/pauses", s.allow(ScopeWrite), s.resume)
	app.Get("/v1/backfills", s.listBackfills)
	app.Post("/v1/backfills", s.allow(ScopeWrite), s.addBackfill)
	app.Get("/v1/backfills/:id", s.backfill)
	app.Get("/v1/export", s.exportFeeds)
	app.Post(pathImport, s.allow(ScopeWrite), s.importFeeds)

	app.Get(pathExportNDJSON, s.exportArticles(ndjson()))
	app.Get(pathExportCSV, s.exportArticles(csvFile()))
	app.Post(pathImportArticles, s.allow(ScopeWrite), s.importArticles)

	app.Get("/v2/everything", s.everythingV2)
	app.Get("/v2/top-headlines", s.topHeadlinesV2)
	app.Get("/v2/top-headlines/sources", s.sourcesV2)
	app.Get("/v2/sources", s.sourcesV2)

	app.Get(pathWebSub, s.confirmSubscription)
	app.Post(pathWebSub, s.deliver)

	app.Get("/v1/status", s.status)
	app.Post(pathReindex, s.allow(ScopeAdmin), s.reindex)
	app.Get("/healthz", s.healthz)
	app.Get("/readyz", s.readyz)
	app.Get("/metrics", s.showMetrics)
	app.Get("/openapi.json", s.openAPI)
	app.Get("/docs", s.docs)
}
