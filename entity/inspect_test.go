package entity_test

import (
	"strings"
	"testing"

	"broadsheet.example/entity"
)

func TestInspectSaysWhatIsCut(t *testing.T) {
	for _, size := range []int{entity.MaxText, entity.MaxText + 1} {
		line := `{"id": 1, "text": "Ada Reyes` + strings.Repeat(" ", size-len("Ada Reyes")) + `"}`
		var out strings.Builder
		if err := entity.Inspect(t.Context(), strings.NewReader(line), &out, recognizer(t)); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(out.String(), `"truncated":true`); got != (size > entity.MaxText) {
			t.Errorf("%d bytes: %s", size, out.String())
		}
	}
}

// A line that cannot be read is reported in its place, and the others are not lost.
func TestInspectGoesOn(t *testing.T) {
	in := `{"id": 1, "text": "Ada Reyes spoke in Paris."}` + "\n\nnonsense\n" + `{"id": "b", "text": "Nothing here."}` + "\n"
	var out strings.Builder
	err := entity.Inspect(t.Context(), strings.NewReader(in), &out, recognizer(t))
	if err == nil || !strings.Contains(err.Error(), "line 3 is no JSON object") {
		t.Errorf("error %v", err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 3 || !strings.Contains(lines[0], `"type":"person"`) || !strings.Contains(lines[1], `"line":3`) || !strings.Contains(lines[2], `{"id":"b"`) {
		t.Errorf("output:\n%s", out.String())
	}
}
