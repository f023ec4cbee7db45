package cli

import (
	"fmt"
	"net/url"
	"strconv"

	"broadsheet.example/news"
)

// tool is what an assistant gives to one of the tools.
type tool interface {
	// call is the read of the API that the tool stands for.
	call() (toolCall, error)
}

// toolCall is one read of the API: a GET, or a POST where there is a body.
type toolCall struct {
	path  string
	query url.Values
	body  any
}

// What the tools take. Names are those of the API.
type (
	searchTool struct {
		Query        string `json:"query" jsonschema:"words, \"phrases\", AND, OR, -not, fields such as title: person: source:, dates such as after:2024-04-01; empty for everything"`
		Sources      string `json:"sources,omitempty" jsonschema:"ids of publishers, separated by commas"`
		Person       string `json:"person,omitempty" jsonschema:"names of people"`
		Place        string `json:"place,omitempty" jsonschema:"names of places"`
		Organization string `json:"organization,omitempty" jsonschema:"names of organizations"`
		Language     string `json:"language,omitempty" jsonschema:"ISO 639-1 codes"`
		From         string `json:"from,omitempty" jsonschema:"a day, a time or an age such as 7d"`
		To           string `json:"to,omitempty" jsonschema:"a day or a time"`
		SortBy       string `json:"sortBy,omitempty" jsonschema:"relevancy, newest or oldest"`
		Facets       string `json:"facets,omitempty" jsonschema:"what to count: source, date, person, place, organization, author, language, section, country"`
		PageSize     int    `json:"pageSize,omitempty" jsonschema:"1 to 100, by default 10"`
		Page         int    `json:"page,omitempty" jsonschema:"from 1"`
	}
	articleTool struct {
		ID  string `json:"id,omitempty" jsonschema:"id of the article"`
		URL string `json:"url,omitempty" jsonschema:"its address, if the id is not known"`
	}
	relatedTool struct {
		ID       string `json:"id,omitempty" jsonschema:"id of the article"`
		Title    string `json:"title,omitempty" jsonschema:"of a text that is no article here, instead of the id"`
		Content  string `json:"content,omitempty" jsonschema:"the text itself"`
		Window   int    `json:"window,omitempty" jsonschema:"days before and after, by default 30"`
		PageSize int    `json:"pageSize,omitempty" jsonschema:"1 to 50, by default 10"`
	}
	timeseriesTool struct {
		Query    string `json:"query" jsonschema:"as for search"`
		Sources  string `json:"sources,omitempty" jsonschema:"ids of publishers, separated by commas"`
		From     string `json:"from,omitempty" jsonschema:"a day, a time or an age such as 7d"`
		To       string `json:"to,omitempty" jsonschema:"a day or a time"`
		Interval string `json:"interval,omitempty" jsonschema:"hour, day, week, month or year; by default what reads well"`
		SplitBy  string `json:"splitBy,omitempty" jsonschema:"also count the most frequent values of: source, person, place, organization, language, section"`
	}
	sourcesTool struct{}
)

func (in searchTool) call() (toolCall, error) {
	if in.PageSize == 0 {
		in.PageSize = 10
	}
	return toolCall{path: "/v1/search", query: given(map[string]string{
		"preTag": "**", "postTag": "**",
		"q": in.Query, "sources": in.Sources, "person": in.Person, "place": in.Place, "organization": in.Organization,
		"language": in.Language, "from": in.From, "to": in.To, "sortBy": in.SortBy, "facets": in.Facets,
		"pageSize": number(in.PageSize), "page": number(in.Page),
	})}, nil
}

func (in articleTool) call() (toolCall, error) {
	if in.ID == "" {
		return toolCall{path: "/v1/lookup", query: url.Values{"url": {in.URL}}}, nil
	}
	path, err := toolPath(in.ID)
	return toolCall{path: path}, err
}

func (in relatedTool) call() (toolCall, error) {
	if in.ID == "" && in.Title+in.Content != "" {
		text := map[string]any{"title": in.Title, "content": in.Content}
		if in.PageSize > 0 {
			text["pageSize"] = in.PageSize
		}
		return toolCall{path: "/v1/related", body: text}, nil
	}
	path, err := toolPath(in.ID, "/related")
	return toolCall{path: path, query: given(map[string]string{"window": number(in.Window), "pageSize": number(in.PageSize)})}, err
}

func (in timeseriesTool) call() (toolCall, error) {
	return toolCall{path: "/v1/timeseries", query: given(map[string]string{
		"q": in.Query, "sources": in.Sources, "from": in.From, "to": in.To, "interval": in.Interval, "splitBy": in.SplitBy,
	})}, nil
}

func (sourcesTool) call() (toolCall, error) { return toolCall{path: "/v1/sources"}, nil }

// toolPath is the path of an article, whose id an assistant may have made up.
func toolPath(id string, more ...string) (string, error) {
	if !news.IsID(id) {
		return "", fmt.Errorf("%q is no id of an article: search gives them", id)
	}
	return articlePath(id, more...), nil
}

// given keeps the values that are not empty.
func given(all map[string]string) url.Values {
	values := url.Values{}
	for name, value := range all {
		if value != "" {
			values.Set(name, value)
		}
	}
	return values
}

// number writes n, nothing for 0.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
