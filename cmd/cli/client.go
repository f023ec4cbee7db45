package cli

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"broadsheet.example/configs"
)

// controlSocket is the socket's name in the data directory.
const controlSocket = "control.sock"

// maxSocketPath is what the kernels we know take for the path of a socket.
const maxSocketPath = 100

// socketPath is where the owner of a data directory answers: control.sock in
// it, or a name derived from it in a private
// directory where that path is too long for a socket.
func socketPath(dataDir string) string {
	abs, err := filepath.Abs(dataDir)
	if err != nil {
		abs = dataDir
	}
	path := filepath.Join(abs, controlSocket)
	if len(path) <= maxSocketPath {
		return path
	}
	sum := sha256.Sum256([]byte(abs))
	return filepath.Join(privateDir(), hex.EncodeToString(sum[:8])+".sock")
}

// privateDir is a directory for sockets that nobody else can put one into.
func privateDir() string {
	if dir := os.Getenv("XDG_RUNTIME_DIR"); dir != "" {
		return dir
	}
	return filepath.Join(os.TempDir(), fmt.Sprintf("broadsheet-%d", os.Getuid()))
}

// client speaks the API to the process that owns the data directory.
type client struct {
	http *http.Client
	// close ends the connection, and the node if this process had to open one.
	close func() error
	// local is the node opened for this client; nil when a server owns it.
	local *node
}

// connect reaches the owner of the data directory. When nobody owns it, this
// process opens it and serves the API and the index for the time of the command.
func (a *app) connect(ctx context.Context, cfg *configs.Config) (*client, error) {
	path := socketPath(cfg.DataDir)
	c := &client{http: overSocket(path), close: func() error { return nil }}
	if conn, err := net.Dial("unix", path); err == nil {
		return c, conn.Close()
	}
	n, err := openNode(ctx, a.parts, cfg, a.quiet(cfg), atOnce)
	if err != nil {
		return nil, err
	}
	c.local = n
	control, err := listenControl(path)
	if err != nil {
		return nil, errors.Join(err, n.close())
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- n.run(ctx, roles{index: true}, listeners{control: control}) }()
	c.close = func() error {
		stop()
		return errors.Join(<-ended, n.close())
	}
	return c, nil
}

func overSocket(path string) *http.Client {
	return &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "unix", path)
		},
	}}
}

// apiError is a problem document of the API.
type apiError struct {
	Title    string `json:"title"`
	Detail   string `json:"detail"`
	Code     string `json:"code"`
	Param    string `json:"param"`
	Offset   *int   `json:"offset"`
	Expected string `json:"expected"`
	status   int
}

func (e *apiError) Error() string {
	if e.Detail == "" {
		return fmt.Sprintf("the server answered %d %s", e.status, e.Title)
	}
	return e.Detail
}

// call sends body (JSON if it is no io.Reader, nothing if nil) and decodes the
// reply into out, unless out is nil. A reply of 400 and above is an *apiError.
func (c *client) call(ctx context.Context, method, path string, query url.Values, body, out any) error {
	resp, err := c.do(ctx, method, path, query, body)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if out == nil {
		_, err = io.Copy(io.Discard, resp.Body)
		return err
	}
	if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
		return fmt.Errorf("read reply of %s: %w", path, err)
	}
	return nil
}

// do is call for replies that are read as a stream; the caller closes the body.
func (c *client) do(ctx context.Context, method, path string, query url.Values, body any) (*http.Response, error) {
	address := "http://localhost" + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	reader, kind, err := encodeBody(body)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, address, reader)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("reach the server on the control socket: %w", err)
	}
	if resp.StatusCode < 400 {
		return resp, nil
	}
	defer resp.Body.Close()
	problem := &apiError{status: resp.StatusCode, Title: http.StatusText(resp.StatusCode)}
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(problem); err != nil {
		problem.Detail = ""
	}
	return nil, problem
}

func encodeBody(body any) (io.Reader, string, error) {
	switch b := body.(type) {
	case nil:
		return nil, "", nil
	case ndjson:
		return bytes.NewReader(b), "application/x-ndjson", nil
	case opmlText:
		return bytes.NewReader(b), "text/x-opml", nil
	}
	text, err := json.Marshal(body)
	if err != nil {
		return nil, "", fmt.Errorf("encode request: %w", err)
	}
	return bytes.NewReader(text), "application/json", nil
}

// Bodies that are sent as they are.
type (
	ndjson   []byte
	opmlText []byte
)

// articlePath is the API path of one article.
func articlePath(id string, more ...string) string {
	return "/v1/articles/" + url.PathEscape(id) + strings.Join(more, "")
}

// session runs f with a client of the data directory's owner.
func (a *app) session(ctx context.Context, f func(context.Context, *client) error) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	c, err := a.connect(ctx, cfg)
	if err != nil {
		return err
	}
	return errors.Join(f(ctx, c), c.close())
}

// current waits until the index of a node that this process opened holds all
// that is stored; a server's index is current by itself.
func (a *app) current(ctx context.Context, c *client) error {
	if c.local == nil {
		return nil
	}
	return a.caughtUp(ctx, c, "indexing")
}
