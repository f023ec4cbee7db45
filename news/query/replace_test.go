package query_test

import (
	"testing"

	"broadsheet.example/news/query"
)

func TestReplace(t *testing.T) {
	tests := []struct{ in, want string }{
		{`person:x`, `person:y`},
		{`a b OR -person:x "c d"~3 +person:x place:x`, `a b OR -person:y "c d"~3 +person:y place:x`},
		{`a AND (person:z OR person:x)`, `a AND (person:z OR person:y)`},
		{`is:full after:2024-01-02 abc*`, `is:full after:2024-01-02 abc*`},
	}
	for _, tt := range tests {
		before, err := query.Parse(tt.in)
		if err != nil {
			t.Fatalf("%s: %v", tt.in, err)
		}
		want, err := query.Parse(tt.want)
		if err != nil {
			t.Fatalf("%s: %v", tt.want, err)
		}
		got := query.Replace(before, func(v query.Value) query.Node {
			if v.Field == query.FieldPerson && v.Text == "x" {
				v.Text = "y"
			}
			return v
		})
		if got.String() != want.String() {
			t.Errorf("%s: got %s, want %s", tt.in, got, want)
		}
		if again, _ := query.Parse(tt.in); again.String() != before.String() {
			t.Errorf("%s: the tree was changed to %s", tt.in, before)
		}
	}
	if query.Replace(nil, nil) != nil {
		t.Error("nil did not stay nil")
	}
}
