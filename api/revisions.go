package api

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/api/diff"
	"broadsheet.example/news"
)

type diffReply struct {
	Status string `json:"status"`
	ID     string `json:"id"`
	From   int    `json:"from"`
	To     int    `json:"to"`
	// The texts that differ, each as a whole.
	Title       []diff.Part `json:"title,omitempty"`
	Description []diff.Part `json:"description,omitempty"`
	Content     []diff.Part `json:"content,omitempty"`
	EditorNote  []diff.Part `json:"editorNote,omitempty"`
}

// revisionDiff answers GET /v1/articles/{id}/revisions/{n}/diff: what changed
// from the revision before it that is kept.
func (s *Server) revisionDiff(c *fiber.Ctx) error {
	if _, err := only(c); err != nil {
		return err
	}
	n, err := strconv.Atoi(c.Params("n"))
	if err != nil || n < 1 {
		return news.ErrNotFound
	}
	a, err := s.find(c.UserContext(), c.Params("id"))
	if err != nil {
		return err
	}
	list, err := s.deps.Store.Revisions(c.UserContext(), a.ID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(list, func(r news.Revision) bool { return r.Number == n })
	if at < 1 {
		return problem(fiber.StatusNotFound, CodeNotFound, "there is no such revision, or none before it to compare it with")
	}
	reply := compareRevisions(list[at-1], list[at])
	reply.ID = a.ID
	if !s.mayLeave(a) {
		reply.Content = nil
	}
	return c.JSON(reply)
}

func compareRevisions(before, after news.Revision) diffReply {
	return diffReply{
		Status: statusOK, From: before.Number, To: after.Number,
		Title: changed(before.Title, after.Title), Description: changed(before.Description, after.Description),
		Content: changed(before.Content, after.Content), EditorNote: changed(before.EditorNote, after.EditorNote),
	}
}

// changed compares two texts, unless they are the same.
func changed(before, after string) []diff.Part {
	if before == after {
		return nil
	}
	return diff.Words(before, after)
}
