package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

func searchPath(q, sort, facets string) string {
	return "/v1/search?" + url.Values{"q": {q}, "sortBy": {sort}, "facets": {facets}}.Encode()
}

// get asks for a path and hands the answer to read.
func (c *client) get(path string, read func(io.Reader) error) error {
	req, err := http.NewRequest(http.MethodGet, c.o.base+path, http.NoBody)
	if err != nil {
		return err
	}
	if c.o.key != "" {
		req.Header.Set("X-Api-Key", c.o.key)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 500))
		return fmt.Errorf("%s: %s: %s", path, resp.Status, text)
	}
	return read(resp.Body)
}

func (c *client) ask(path string) error {
	return c.get(path, func(body io.Reader) error {
		_, err := io.Copy(io.Discard, body)
		return err
	})
}

// titles are those of the newest articles.
func (c *client) titles() ([]string, error) {
	var reply struct {
		Articles []struct{ Title string }
	}
	err := c.get("/v1/search?sortBy=newest&pageSize=100", func(body io.Reader) error { return json.NewDecoder(body).Decode(&reply) })
	var titles []string
	for _, a := range reply.Articles {
		titles = append(titles, a.Title)
	}
	return titles, err
}
