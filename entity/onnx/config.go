package onnx

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// The files of a model.
const (
	modelFile     = "model.onnx"
	tokenizerFile = "tokenizer.json"
	configFile    = "config.json"
)

// Longest config.json and tokenizer.json, in bytes. Vocabularies of a hundred
// languages take 17 MB.
const (
	maxConfig    = 1 << 20
	maxTokenizer = 128 << 20
)

// maxLabels is how many labels a model may have.
const maxLabels = 1000

// reserved is how many positions models of the RoBERTa family keep for
// themselves of those that config.json states.
const reserved = 2

// config is what is needed of a model's configuration.
type config struct {
	tags []tag // by number of the label
	room int   // longest input in pieces
}

// readConfig reads the configuration of the model in dir and checks that the
// other files are there.
func readConfig(dir string) (*config, error) {
	for _, name := range []string{configFile, tokenizerFile} {
		if err := isFile(filepath.Join(dir, name)); err != nil {
			return nil, fmt.Errorf("%w; a directory with %s, %s and %s is wanted, as exporters to ONNX write it", err, modelFile, tokenizerFile, configFile)
		}
	}
	if err := isFile(filepath.Join(dir, modelFile)); err != nil && isFile(filepath.Join(dir, "onnx", modelFile)) != nil {
		return nil, fmt.Errorf("%w, nor is it in the folder onnx; export the model to ONNX first", err)
	}
	if _, err := readJSON(filepath.Join(dir, tokenizerFile), maxTokenizer); err != nil {
		return nil, fmt.Errorf("%s: %w", tokenizerFile, err)
	}
	text, err := readJSON(filepath.Join(dir, configFile), maxConfig)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", configFile, err)
	}
	c, err := parseConfig(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", configFile, err)
	}
	return c, nil
}

// readJSON returns the content of a file of at most limit bytes.
func readJSON(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, limit+1))
	switch {
	case err != nil:
		return nil, err
	case int64(len(text)) > limit:
		return nil, fmt.Errorf("longer than %d bytes", limit)
	case !json.Valid(text):
		return nil, errors.New("no JSON; it may have been cut off on its way here")
	}
	return text, nil
}

func isFile(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("there is no %s", path)
	case err == nil && !info.Mode().IsRegular():
		return fmt.Errorf("%s is no file", path)
	}
	return err
}

func parseConfig(text []byte) (*config, error) {
	var file struct {
		Labels    map[string]string `json:"id2label"`
		Positions int               `json:"max_position_embeddings"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, err
	}
	if len(file.Labels) == 0 {
		return nil, errors.New("no id2label, so this is no token classification model, or its labels have no names")
	}
	tags, err := readTags(file.Labels)
	if err != nil {
		return nil, err
	}
	c := &config{tags: tags, room: windowSizes[len(windowSizes)-1]}
	if file.Positions > 0 {
		c.room = min(c.room, file.Positions-reserved)
	}
	return c, nil
}

// readTags orders the labels by their numbers.
func readTags(labels map[string]string) ([]tag, error) {
	if len(labels) > maxLabels {
		return nil, fmt.Errorf("id2label: more than %d labels", maxLabels)
	}
	tags := make([]tag, len(labels))
	seen := make([]bool, len(labels))
	useful := false
	for number, label := range labels {
		i, err := strconv.Atoi(number)
		if err != nil || i < 0 || i >= len(tags) || seen[i] {
			return nil, fmt.Errorf("id2label: %q is not among the numbers from 0 to %d, each once", number, len(tags)-1)
		}
		seen[i], tags[i] = true, parseTag(label)
		useful = useful || tags[i].kind != ""
	}
	if !useful {
		names := make([]string, 0, len(labels))
		for _, label := range labels {
			names = append(names, strconv.Quote(label))
		}
		slices.Sort(names)
		return nil, fmt.Errorf("id2label: none of the labels (%s) is a person, place or organization; name them PER, LOC and ORG there, with B- and I- before where the model tells beginnings",
			strings.Join(names[:min(len(names), 12)], ", "))
	}
	return tags, nil
}

// windowSizes are the sizes that the model's longest input leaves.
func (c *config) windowSizes() []int {
	i, _ := slices.BinarySearch(windowSizes, c.room)
	return append(slices.Clone(windowSizes[:i]), max(c.room, 1))
}
