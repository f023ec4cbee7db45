package extract_test

import (
	"fmt"

	"broadsheet.example/crawler/extract"
)

func ExamplePage() {
	page := `<html lang="en"><head><title>Ferry runs aground | Example Herald</title></head><body>
<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<h1>Ferry runs aground</h1>
<p class="byline">By Jonas Vale</p>
<p>A ferry with 212 people aboard ran aground on a sandbank off the cape early on Monday, and all of them were brought ashore by noon, the coast guard said.</p>
<p>Nobody was hurt. Divers will look at the hull on Tuesday. Until then the line runs buses around the bay, which takes three hours instead of forty minutes.</p>
<div class="related"><a href="/1">Herring quota cut for a third year</a></div>
</body></html>`
	c, err := extract.Page([]byte(page), "text/html", "https://exampleherald.test/2026/11/24/ferry")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c.Title)
	fmt.Println(c.Authors, c.Published.Time.Format("2006-01-02"), c.Published.Source)
	fmt.Println(len(c.Blocks), "blocks,", c.Words, "words")
	// Output:
	// Ferry runs aground
	// [Jonas Vale] 2026-11-24 url
	// 2 blocks, 58 words
}
