package api

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/news/query"
)

type validateReply struct {
	Status string `json:"status"`
	Valid  bool   `json:"valid"`
	// Parsed is the normal form and Tree the parts, of a valid query that is not
	// empty.
	Parsed string    `json:"parsed,omitempty"`
	Tree   *treeNode `json:"tree,omitempty"`
	// Message, Offset and Expected tell what is wrong with another.
	Message  string `json:"message,omitempty"`
	Offset   *int   `json:"offset,omitempty"`
	Expected string `json:"expected,omitempty"`
}

// treeNode is a part of a query in JSON.
type treeNode struct {
	Type    string      `json:"type"`
	Field   query.Field `json:"field,omitempty"`
	Text    string      `json:"text,omitempty"`
	Slop    int         `json:"slop,omitempty"`
	From    string      `json:"from,omitempty"`
	Through string      `json:"through,omitempty"`
	Before  string      `json:"before,omitempty"`
	Parts   []*treeNode `json:"parts,omitempty"`
}

// validateQuery answers GET /v1/query/validate: 200 for good queries and bad.
func (s *Server) validateQuery(c *fiber.Ctx) error {
	values, err := only(c, "q")
	if err != nil {
		return err
	}
	reply := validateReply{Status: statusOK, Valid: true}
	n, err := query.Parse(values.Get("q"))
	var syntax *query.SyntaxError
	switch {
	case errors.As(err, &syntax):
		reply.Valid, reply.Message, reply.Offset, reply.Expected = false, err.Error(), &syntax.Offset, syntax.Expected
	case err != nil:
		return err
	case n != nil:
		reply.Parsed, reply.Tree = n.String(), tree(n)
	}
	return c.JSON(reply)
}

// tree gives a node the shape of the API.
func tree(n query.Node) *treeNode {
	switch n := n.(type) {
	case query.All:
		return &treeNode{Type: "all", Parts: trees(n.Parts)}
	case query.And:
		return &treeNode{Type: "and", Parts: trees(n.Parts)}
	case query.Or:
		return &treeNode{Type: "or", Parts: trees(n.Parts)}
	case query.Not:
		return &treeNode{Type: "not", Parts: trees([]query.Node{n.Part})}
	case query.Must:
		return &treeNode{Type: "must", Parts: trees([]query.Node{n.Part})}
	case query.Word:
		return &treeNode{Type: "word", Field: n.Field, Text: n.Text}
	case query.Phrase:
		return &treeNode{Type: "phrase", Field: n.Field, Text: n.Text, Slop: n.Slop}
	case query.Prefix:
		return &treeNode{Type: "prefix", Field: n.Field, Text: n.Text}
	case query.Value:
		return &treeNode{Type: "value", Field: n.Field, Text: n.Text}
	case query.Dates:
		return &treeNode{Type: "dates", From: n.From, Through: n.Through, Before: n.Before}
	case query.Is:
		return &treeNode{Type: "is", Text: n.Text}
	}
	return nil
}

func trees(parts []query.Node) []*treeNode {
	out := make([]*treeNode, len(parts))
	for i, n := range parts {
		out[i] = tree(n)
	}
	return out
}
