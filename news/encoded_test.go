package news_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"broadsheet.example/api/encode"
	"broadsheet.example/news"
)

// The encoder of the API knows every field of an article: one that is new here is
// new there, too (api/encode/encode.go).
func TestEncoderKnowsEveryField(t *testing.T) {
	var full news.Article
	fill(reflect.ValueOf(&full).Elem())
	for name, a := range map[string]news.Article{"full": full, "empty": {}, "empty lists": {Authors: []string{}, Tags: []string{}, Entities: []news.Entity{}}} {
		var want bytes.Buffer
		enc := json.NewEncoder(&want)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(a); err != nil {
			t.Fatal(err)
		}
		if got := string(encode.Article(nil, &a)); got != strings.TrimSuffix(want.String(), "\n") {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, &want)
		}
	}
}

// fill gives everything in v a value that is not empty.
func fill(v reflect.Value) {
	if at, ok := v.Addr().Interface().(*time.Time); ok {
		*at = time.Date(2024, 4, 18, 10, 0, 0, 5000, time.UTC)
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(`a "text" <é>`)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(42)
	case reflect.Float64:
		v.SetFloat(1.5)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i))
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			fill(field)
		}
	default:
		panic("no value for a " + v.Kind().String())
	}
}
