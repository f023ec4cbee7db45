package index

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2/index/scorch"
)

// Batches are numbered. The number of the last one stands in Bleve's snapshot
// and, once the batch is durable, in a file beside it: when Bleve cannot read
// its newest snapshot it silently falls back to an older one, or to none, and
// only the file tells that something is missing.
const sequenceFile = "sequence"

func sequenceKey() []byte { return []byte("broadsheet.sequence") }

// readSequence returns the number of the last batch in a snapshot.
func readSequence(snapshot *scorch.IndexSnapshot) (uint64, error) {
	b, err := snapshot.GetInternal(sequenceKey())
	if err != nil {
		return 0, fmt.Errorf("read sequence: %w", err)
	}
	if len(b) != 8 {
		return 0, nil
	}
	return binary.BigEndian.Uint64(b), nil
}

// checkSequence reports whether a snapshot is older than what was made durable.
func checkSequence(dir string, have uint64) error {
	text, err := os.ReadFile(filepath.Join(dir, sequenceFile))
	if err != nil {
		return fmt.Errorf("read sequence: %w", err)
	}
	want, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64)
	if err != nil {
		return fmt.Errorf("read sequence: %w", err)
	}
	if have < want {
		return fmt.Errorf("the newest readable snapshot holds batch %d, but batch %d was written", have, want)
	}
	return nil
}

// noteSequence makes the number of the last batch durable. The number has a
// fixed width, so that it is overwritten in place.
func noteSequence(dir string, n uint64) error {
	f, err := os.OpenFile(filepath.Join(dir, sequenceFile), os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("note sequence: %w", err)
	}
	_, err = fmt.Fprintf(f, "%020d\n", n)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("note sequence: %w", err)
	}
	return nil
}
