package diff_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/api/diff"
)

func TestWords(t *testing.T) {
	tests := []struct {
		name, before, after string
		want                []diff.Part
	}{
		{"nothing", "", "", nil},
		{"same", "one two", "one two", []diff.Part{{Op: "same", Text: "one two"}}},
		{"written", "", "one two", []diff.Part{{Op: "added", Text: "one two"}}},
		{"erased", "one two", "", []diff.Part{{Op: "removed", Text: "one two"}}},
		{"in the middle", "Ten people were hurt.", "Twelve people were hurt.", []diff.Part{
			{Op: "removed", Text: "Ten "}, {Op: "added", Text: "Twelve "}, {Op: "same", Text: "people were hurt."},
		}},
		{"twice", "a b c d e", "a x c y e", []diff.Part{
			{Op: "same", Text: "a "},
			{Op: "removed", Text: "b "},
			{Op: "added", Text: "x "},
			{Op: "same", Text: "c "},
			{Op: "removed", Text: "d "},
			{Op: "added", Text: "y "},
			{Op: "same", Text: "e"},
		}},
		{"paragraph", "One.\n\nThree.", "One.\n\nTwo.\n\nThree.", []diff.Part{
			{Op: "same", Text: "One.\n\n"}, {Op: "added", Text: "Two.\n\n"}, {Op: "same", Text: "Three."},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, diff.Words(tt.before, tt.after)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	long := strings.Repeat("a b c ", 2000)
	if parts := diff.Words(long, strings.Repeat("x y z ", 2000)); len(parts) != 2 {
		t.Errorf("two texts that share nothing: %d parts", len(parts))
	}
}

// The parts make up both texts.
func FuzzWords(f *testing.F) {
	f.Add("a b c", "b c d")
	f.Add(" a\n\nb", "a  b ")
	f.Add("a b a b a", "b a b")
	f.Fuzz(func(t *testing.T, before, after string) {
		var a, b strings.Builder
		for _, p := range diff.Words(before, after) {
			if p.Op != diff.Added {
				a.WriteString(p.Text)
			}
			if p.Op != diff.Removed {
				b.WriteString(p.Text)
			}
		}
		if a.String() != before || b.String() != after {
			t.Errorf("from %q to %q: got %q and %q", before, after, a.String(), b.String())
		}
	})
}
