package link_test

import (
	"fmt"

	"broadsheet.example/crawler/link"
)

func Example() {
	page := "HTTP://News.Example.co.uk:80/a/../b?utm_source=feed&id=7#top"
	clean, _ := link.Clean(page)
	key, _ := link.Key(page)
	fmt.Println(clean)
	fmt.Println(key)
	fmt.Println(link.Host(page), link.SameSite(page, "https://m.example.co.uk/"), link.IsHome(page))
	// Output:
	// http://news.example.co.uk/b?utm_source=feed&id=7
	// https://news.example.co.uk/b?id=7
	// example.co.uk true false
}
