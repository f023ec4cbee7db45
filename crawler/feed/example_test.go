package feed_test

import (
	"fmt"

	"broadsheet.example/crawler/feed"
)

func ExampleParse() {
	body := []byte(`<?xml version="1.0"?>
		<rss version="2.0"><channel><title>Harbour Post</title><link>https://press.example/</link>
		<item><title>Q&A: ferries & <b>tides</b></title><link>/ferries</link>
		<pubDate>Thu, 26 Nov 2026 10:00:00 MET</pubDate></item>
		<item><title>Cut off in the mid`)
	f, err := feed.Parse(body, "application/rss+xml", "https://press.example/feed.xml")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.Title, f.Type, f.Truncated)
	for _, item := range f.Items {
		fmt.Println(item.PlainTitle(), item.Link, item.Published)
	}
	for _, repair := range f.Repaired {
		fmt.Println("-", repair)
	}
	// Output:
	// Harbour Post rss20 true
	// Q&A: ferries & tides https://press.example/ferries 2026-11-26 09:00:00 +0000 UTC
	// - bare ampersands were escaped
	// - an incomplete last item was dropped
}
