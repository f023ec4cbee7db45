package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"go.yaml.in/yaml/v4"

	"broadsheet.example/api"
	"broadsheet.example/api/param"
)

var update = flag.Bool("update", false, "write openapi.json from openapi.yaml")

// documentYAML is openapi.yaml as Go sees it.
func documentYAML(t *testing.T) map[string]any {
	t.Helper()
	text, err := os.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := yaml.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// openapi.json is embedded, since only configs knows YAML; it says what
// openapi.yaml does.
func TestDocumentIsUpToDate(t *testing.T) {
	want, err := json.Marshal(documentYAML(t))
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile("openapi.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("openapi.json is not what openapi.yaml says: run go test ./api -run TestDocumentIsUpToDate -update")
	}
}

// checker validates replies against the document; it is built once, since that
// takes a while.
var checker = sync.OnceValues(func() (validator.Validator, error) {
	text, err := os.ReadFile("openapi.yaml")
	if err != nil {
		return nil, err
	}
	doc, err := libopenapi.NewDocument(text)
	if err != nil {
		return nil, err
	}
	v, errs := validator.NewValidator(doc)
	if len(errs) > 0 {
		return nil, errs[0]
	}
	return v, nil
})

// checkReply reports what of the reply is not in the document. body is the
// reply's, which has been read.
func checkReply(t *testing.T, req *http.Request, resp *http.Response, body []byte) {
	t.Helper()
	v, err := checker()
	if err != nil {
		t.Fatal(err)
	}
	copied := *resp
	copied.Body = http.NoBody
	if len(body) > 0 {
		copied.Body = readCloser{bytes.NewReader(body)}
	}
	if ok, problems := v.ValidateHttpResponse(req, &copied); !ok {
		for _, p := range problems {
			t.Errorf("%s %s, %d: not as openapi.yaml says: %s: %s", req.Method, req.URL, resp.StatusCode, p.Message, p.Reason)
			for _, e := range p.SchemaValidationErrors {
				t.Errorf("  %s at %s", e.Reason, e.FieldPath)
			}
		}
		t.Logf("%s", body)
	}
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }

func TestDocumentIsValid(t *testing.T) {
	v, err := checker()
	if err != nil {
		t.Fatal(err)
	}
	if ok, problems := v.ValidateDocument(); !ok {
		for _, p := range problems {
			t.Errorf("%s: %s", p.Message, p.Reason)
			for _, e := range p.SchemaValidationErrors {
				t.Errorf("  %s at %s", e.Reason, e.FieldPath)
			}
		}
	}
}

func TestRoutesAreThoseOfTheDocument(t *testing.T) {
	var documented []string
	for path, item := range documentYAML(t)["paths"].(map[string]any) {
		for method := range item.(map[string]any) {
			documented = append(documented, strings.ToUpper(method)+" "+path)
		}
	}
	slices.Sort(documented)
	served := api.Routes(newServer(t, world{}, nil))
	slices.Sort(served)
	if diff := cmp.Diff(documented, served); diff != "" {
		t.Errorf("routes (-documented +served):\n%s", diff)
	}
}

func TestParametersAreThoseOfTheDocument(t *testing.T) {
	doc := documentYAML(t)
	search := doc["paths"].(map[string]any)["/v1/search"].(map[string]any)
	var get []string
	for _, p := range search["get"].(map[string]any)["parameters"].([]any) {
		ref := p.(map[string]any)["$ref"].(string)
		get = append(get, ref[strings.LastIndex(ref, "/")+1:])
	}
	var post []string
	schemas := doc["components"].(map[string]any)["schemas"].(map[string]any)
	for name := range schemas["SearchRequest"].(map[string]any)["properties"].(map[string]any) {
		post = append(post, name)
	}
	want := param.Names()
	slices.Sort(want)
	slices.Sort(get)
	slices.Sort(post)
	if diff := cmp.Diff(want, get); diff != "" {
		t.Errorf("parameters of GET (-known +documented):\n%s", diff)
	}
	if diff := cmp.Diff(want, post); diff != "" {
		t.Errorf("members of POST (-known +documented):\n%s", diff)
	}
	var fields []string
	for name := range schemas["ArticleFields"].(map[string]any)["properties"].(map[string]any) {
		fields = append(fields, name)
	}
	known := param.ArticleFields()
	slices.Sort(fields)
	slices.Sort(known)
	if diff := cmp.Diff(known, fields); diff != "" {
		t.Errorf("fields of an article (-known +documented):\n%s", diff)
	}
}
