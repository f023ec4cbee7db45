package fetch_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"

	"broadsheet.example/crawler/fetch"
)

func Example() {
	press := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			fmt.Fprint(w, "User-agent: *\nDisallow: /private/")
		case "/old":
			http.Redirect(w, r, "/new", http.StatusMovedPermanently)
		default:
			fmt.Fprint(w, "<h1>News</h1>")
		}
	}))
	defer press.Close()

	cfg := fetch.DefaultConfig()
	cfg.Gap = 0
	cfg.AllowNetworks = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	client := fetch.New(cfg, slog.New(slog.DiscardHandler))
	defer client.Close()

	res, err := client.Get(context.Background(), fetch.Request{URL: press.URL + "/old", Kind: fetch.Page})
	fmt.Println(string(res.Body), res.Permanent, err)
	allowed, why, err := client.Robots(context.Background(), press.URL+"/private/a")
	fmt.Println(allowed, why, err)
	// Output:
	// <h1>News</h1> true <nil>
	// false robots.txt forbids it (Disallow: /private/): ask the publisher <nil>
}
