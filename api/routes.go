package api

// Paths that are named in more than one place.
const (
	pathImport         = "/v1/import"
	pathImportArticles = "/v1/import/articles"
	pathExportArticles = "/v1/export/articles.ndjson"
	pathReindex        = "/v1/reindex"
)

// routes is the whole table. Each GET answers HEAD too. openapi.yaml describes
// every line of it, and a test compares the two.
func (s *Server) routes() {
	app := s.app
	app.Get("/v1/search", s.search)
	app.Post("/v1/search", s.search)
	app.Get("/v1/articles/:id", s.article)
	app.Get("/v1/articles/:id/related", s.related)
	app.Get("/v1/articles/:id/revisions", s.revisions)
	app.Get("/v1/articles/:id/revisions/:n/diff", s.revisionDiff)
	app.Delete("/v1/articles/:id", localOnly, s.removeArticle)
	app.Get("/v1/lookup", s.lookup)
	app.Get("/v1/sources", s.sources)
	app.Get("/v1/timeseries", s.timeseries)
	app.Get("/v1/entities", s.entities)
	app.Get("/v1/entities/:id", s.entity)
	app.Get("/v1/suggest", s.suggest)
	app.Get("/v1/query/validate", s.validateQuery)

	app.Get("/v1/feeds", s.listFeeds)
	app.Post("/v1/feeds", localOnly, s.addFeed)
	app.Get("/v1/feeds/:id", s.feed)
	app.Patch("/v1/feeds/:id", localOnly, s.changeFeed)
	app.Delete("/v1/feeds/:id", localOnly, s.deleteFeed)
	app.Post("/v1/feeds/:id/refresh", localOnly, s.refreshFeed)
	app.Get("/v1/export", s.exportFeeds)
	app.Post(pathImport, localOnly, s.importFeeds)

	app.Get(pathExportArticles, s.exportArticles)
	app.Post(pathImportArticles, localOnly, s.importArticles)

	app.Get("/v1/status", s.status)
	app.Post(pathReindex, localOnly, s.reindex)
	app.Get("/healthz", s.healthz)
	app.Get("/readyz", s.readyz)
	app.Get("/metrics", s.showMetrics)
	app.Get("/openapi.json", s.openAPI)
}
