package index

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	indexapi "github.com/blevesearch/bleve_index_api"

	"broadsheet.example/index/zap"
)

// Format is the version of what stands on disk. It rises whenever an older
// directory would be read wrongly: another mapping, another analyzer.
const Format = 6

const (
	formatFile = "format"
	storeDir   = "scorch"
	// lockTimeout is how long Bleve waits for another owner of the directory.
	lockTimeout = "2s"
	// mergeFloor is how many articles a segment is taken for at least when Bleve
	// plans what to merge. With Bleve's own 2,000 batches of 50 are merged ten times
	// over on their way to 20,000 articles, with this one less than three times, and
	// there are at most 13 segments instead of 10.
	mergeFloor = 500
)

// registerThrottle has Bleve's background tasks pause after an error. Without
// it they try again at once, and keep a core busy for as long as a disk is full.
// Bleve takes such callbacks from a global table only.
var registerThrottle = sync.OnceFunc(func() {
	scorch.RegistryAsyncErrorCallbacks[throttleName] = func(error, string) { time.Sleep(throttle) }
})

// registerBuilder has Bleve build segments our way. It takes such a thing from a
// global table only; what others give Bleve to write is written as ever.
var registerBuilder = sync.OnceFunc(func() { scorch.RegisterSegmentPlugin(&zap.Plugin{}, true) })

const (
	throttleName = "broadsheet"
	throttle     = 500 * time.Millisecond
)

// CorruptError says that the directory cannot be read. Set it aside and index anew.
type CorruptError struct {
	Dir string
	Err error
}

// Error names the directory and what is wrong with it.
func (e *CorruptError) Error() string { return fmt.Sprintf("index %s is corrupt: %v", e.Dir, e.Err) }

// Unwrap returns the cause.
func (e *CorruptError) Unwrap() error { return e.Err }

// FormatError says that the directory was written in another format. Set it aside and
// index anew.
type FormatError struct {
	Dir  string
	Have string // as written in the directory
	Want int
}

// Error names the directory and both formats.
func (e *FormatError) Error() string {
	return fmt.Sprintf("index %s has format %q, this program needs %d", e.Dir, e.Have, e.Want)
}

func corrupt(dir string, err error) error { return &CorruptError{Dir: dir, Err: err} }

// checkFormat makes sure that dir is of our format; a new directory becomes so.
func checkFormat(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("open index: %w", err)
	}
	path := filepath.Join(dir, formatFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(filepath.Join(dir, partitionsFile)); err == nil {
			return &FormatError{Dir: dir, Want: Format}
		}
		return writeFormat(path)
	}
	if err != nil {
		return fmt.Errorf("open index: %w", err)
	}
	if have := strings.TrimSpace(string(text)); have != strconv.Itoa(Format) {
		return &FormatError{Dir: dir, Have: cut(have, 20), Want: Format}
	}
	return nil
}

func writeFormat(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("open index: %w", err)
	}
	_, err = fmt.Fprintln(f, Format)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write index format: %w", err)
	}
	return nil
}

// openScorch opens Bleve's engine. Bleve meets some damage with a panic, which
// becomes an error here.
func openScorch(dir string, queue *indexapi.AnalysisQueue) (*scorch.Scorch, error) {
	s, err := tryScorch(dir, queue)
	if err != nil && strings.Contains(err.Error(), "timeout") {
		return nil, fmt.Errorf("open index %s: another process holds it: %w", dir, err)
	}
	if errors.Is(err, fs.ErrPermission) {
		return nil, fmt.Errorf("open index: %w", err)
	}
	if err != nil {
		return nil, corrupt(dir, err)
	}
	return s, nil
}

func tryScorch(dir string, queue *indexapi.AnalysisQueue) (s *scorch.Scorch, err error) {
	defer recovered(&err)
	registerThrottle()
	registerBuilder()
	made, err := scorch.NewScorch(scorch.Name, map[string]any{
		"path":                   filepath.Join(dir, storeDir),
		"bolt_timeout":           lockTimeout,
		"asyncErrorCallbackName": throttleName,
		"scorchMergePlanOptions": map[string]any{"FloorSegmentSize": mergeFloor},
	}, queue)
	if err != nil {
		return nil, err
	}
	if err := made.Open(); err != nil {
		return nil, err
	}
	s, ok := made.(*scorch.Scorch)
	if !ok {
		return nil, fmt.Errorf("unexpected engine %T", made)
	}
	return s, nil
}

func closeScorch(s *scorch.Scorch) (err error) {
	defer recovered(&err)
	return s.Close()
}

// recovered turns a panic into an error.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
	}
}
