"""Uses each kind of route through the client that openapi-python-client makes."""

import sys

from broadsheet_client import Client
from broadsheet_client.api.articles import article, lookup, related, related_to_text, revisions, sources
from broadsheet_client.api.exchange import export_articles, import_articles
from broadsheet_client.api.feeds import add_feed, delete_feed, feed_health, list_feeds
from broadsheet_client.api.search import entities, search, search_by_post, suggest, timeseries, validate_query
from broadsheet_client.models import AddFeedBody, Problem, RelatedToTextBody, SearchFacetsItem, SearchRequest, SearchSortBy, TimeseriesSplitBy
from broadsheet_client.types import File

client = Client(base_url=sys.argv[1])

found = search.sync(
    client=client, q="port", page_size=2, sort_by=SearchSortBy.NEWEST, facets=[SearchFacetsItem.SOURCE, SearchFacetsItem.DATE]
)
assert found.total_results > 2 and len(found.articles) == 2, found
assert sum(b.count for b in found.facets.additional_properties["source"].buckets) == found.total_results, found.facets
second = search.sync(client=client, q="port", page_size=2, sort_by=SearchSortBy.NEWEST, cursor=found.next_cursor)
assert {a.id for a in second.articles}.isdisjoint(a.id for a in found.articles), second
posted = search_by_post.sync(client=client, body=SearchRequest(q="port", page_size=2, sort_by="newest"))
assert [a.id for a in posted.articles] == [a.id for a in found.articles], posted

first = found.articles[0]
whole = article.sync(first.id, client=client)
assert whole.article.title == first.title and whole.article.content, whole
assert lookup.sync(client=client, url_query=first.url).id == first.id
assert revisions.sync(first.id, client=client).revisions[0].title
assert related.sync(first.id, client=client, page_size=3).id == first.id
assert related_to_text.sync(client=client, body=RelatedToTextBody(title=first.title)).articles
assert sources.sync(client=client).sources
assert entities.sync(client=client, q="port").entities
assert timeseries.sync(client=client, q="port", split_by=TimeseriesSplitBy.SOURCE).series
assert suggest.sync(client=client, q=first.source.name[:3]).suggestions
assert validate_query.sync(client=client, q="harbor OR").valid is False

added = add_feed.sync(client=client, body=AddFeedBody(url="http://127.0.0.1:9/rss", enabled=False))
assert added.feed.id in {f.id for f in list_feeds.sync(client=client).feeds}
assert feed_health.sync(added.feed.id, client=client).enabled is False
assert delete_feed.sync_detailed(added.feed.id, client=client).status_code == 204

line = b'{"url":"https://a.example/1","title":"One","content":"Some text.","publishedAt":"2024-04-18T10:00:00Z"}\n'
assert import_articles.sync(client=client, body=File(payload=line)).stored == 1
exported = export_articles.sync_detailed(client=client, sources=["a.example"])
assert exported.status_code == 200, exported

wrong = search.sync(client=client, q='"open')
assert isinstance(wrong, Problem) and wrong.code == "querySyntax" and wrong.offset is not None, wrong
gone = article.sync("a" * 26, client=client)
assert isinstance(gone, Problem) and gone.status == 404, gone
print("python: the generated client agrees with the server")
