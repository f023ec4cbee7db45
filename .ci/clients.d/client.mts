// Uses each kind of route through the types that openapi-typescript makes.
import assert from "node:assert/strict"
import createClient from "openapi-fetch"
import type { paths } from "./broadsheet.js"

const client = createClient<paths>({ baseUrl: process.argv[2] })

const { data: found } = await client.GET("/v1/search", {
  params: { query: { q: "port", pageSize: 2, sortBy: "newest", facets: ["source", "date"] } },
})
assert(found && found.totalResults > 2 && found.articles.length === 2)
const counts = (found.facets?.source.buckets ?? []).map((b) => b.count)
assert.equal(counts.reduce((a, b) => a + b, 0), found.totalResults)

const { data: second } = await client.GET("/v1/search", {
  params: { query: { q: "port", pageSize: 2, sortBy: "newest", cursor: found.nextCursor } },
})
assert(second && !second.articles.some((a) => found.articles.some((b) => a.id === b.id)))
const { data: posted } = await client.POST("/v1/search", { body: { q: "port", pageSize: 2, sortBy: "newest" } })
assert.deepEqual(posted?.articles.map((a) => a.id), found.articles.map((a) => a.id))

const first = found.articles[0]
assert(first.id && first.title && first.url)
const path = { id: first.id }
const { data: whole } = await client.GET("/v1/articles/{id}", { params: { path } })
assert(whole && whole.article.title === first.title && whole.article.content)
const { data: seen } = await client.GET("/v1/lookup", { params: { query: { url: first.url } } })
assert.equal(seen?.id, first.id)
const { data: near } = await client.GET("/v1/articles/{id}/related", { params: { path, query: { pageSize: 3 } } })
assert.equal(near?.id, first.id)
const { data: like } = await client.POST("/v1/related", { body: { title: first.title } })
assert(like?.articles.length)
const { data: series } = await client.GET("/v1/timeseries", { params: { query: { q: "port", splitBy: "source" } } })
assert(series?.series?.length)
const { data: named } = await client.GET("/v1/entities", { params: { query: { q: "port" } } })
assert(named?.entities.length)
const { data: old } = await client.GET("/v2/everything", { params: { query: { q: "port", pageSize: 1 } } })
assert.equal(old?.articles.length, 1)

const { data: added } = await client.POST("/v1/feeds", { body: { url: "http://127.0.0.1:9/rss", kind: "feed", enabled: false } })
assert(added)
const feed = { id: added.feed.id }
const { data: health } = await client.GET("/v1/feeds/{id}/health", { params: { path: feed } })
assert.equal(health?.enabled, false)
const { response: deleted } = await client.DELETE("/v1/feeds/{id}", { params: { path: feed } })
assert.equal(deleted.status, 204)

const { error } = await client.GET("/v1/search", { params: { query: { q: '"open' } } })
assert(error && error.code === "querySyntax" && error.param === "q")
console.log("typescript: the generated client agrees with the server")
