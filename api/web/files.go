package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"

	"github.com/gofiber/fiber/v2"
)

// files are the embedded files, each under a path that changes with its
// contents, so that browsers may keep them forever.
type files struct {
	paths map[string]string // name -> path
	texts map[string][]byte // path -> contents
}

func readFiles() (*files, error) {
	f := &files{paths: map[string]string{}, texts: map[string][]byte{}}
	entries, err := dist.ReadDir("dist")
	if err != nil {
		return nil, fmt.Errorf("read static files: %w", err)
	}
	for _, e := range entries {
		text, err := dist.ReadFile("dist/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("read static files: %w", err)
		}
		sum := sha256.Sum256(text)
		at := "/static/" + hex.EncodeToString(sum[:6]) + "/" + e.Name()
		f.paths[e.Name()], f.texts[at] = at, text
	}
	return f, nil
}

// path is where the file of that name is served.
func (f *files) path(name string) (string, error) {
	at, ok := f.paths[name]
	if !ok {
		return "", fmt.Errorf("no static file %q", name)
	}
	return at, nil
}

func (f *files) send(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, contentType(c.Path()))
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	return c.Send(f.texts[c.Path()])
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	default:
		return "image/svg+xml"
	}
}
