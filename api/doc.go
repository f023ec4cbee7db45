// Package api is the JSON API over HTTP: routes, parameters, errors and
// outputs, described by openapi.yaml.
//
// It asks a [news.Index] and the store, and decides nothing about searching,
// crawling or storing. The pages are mounted by whoever builds the server; the
// names of a search's parameters are in api/param. Start reading at [New] and
// at the table of routes in routes.go.
package api
