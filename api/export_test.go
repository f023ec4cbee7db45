package api

import (
	"strings"
)

// Routes lists the methods and paths that s answers, HEAD left out, with
// parameters as OpenAPI writes them.
func Routes(s *Server) []string {
	var routes []string
	for _, r := range s.app.GetRoutes(true) {
		if r.Method != "HEAD" {
			routes = append(routes, r.Method+" "+strings.NewReplacer(":id", "{id}", ":n/", "{n}/").Replace(r.Path))
		}
	}
	return routes
}
