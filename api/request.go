package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// parameters returns what stands behind the ? of the address.
func parameters(c *fiber.Ctx) (url.Values, error) {
	values, err := url.ParseQuery(string(c.Request().URI().QueryString()))
	if err != nil {
		return nil, problem(fiber.StatusBadRequest, CodeRequestInvalid, "the parameters are not well encoded: "+err.Error())
	}
	return values, nil
}

// only returns the parameters, at most one of each, and refuses those that are
// not called as one of names.
func only(c *fiber.Ctx, names ...string) (url.Values, error) {
	values, err := parameters(c)
	if err != nil {
		return nil, err
	}
	for name, given := range values {
		switch {
		case !slices.Contains(names, name):
			return nil, unknownName("parameter", name, names)
		case len(given) > 1:
			return nil, &news.ParamError{Param: name, Reason: "is given more than once"}
		}
	}
	return values, nil
}

// unknownName explains a name that is none, with the nearest one that is.
func unknownName(what, name string, known []string) error {
	reason := "there is no such " + what + " here"
	if near := query.Nearest(name, known); near != "" {
		reason += "; did you mean " + near + "?"
	} else if len(known) > 0 {
		reason += "; there are " + strings.Join(known, ", ")
	}
	return &news.ParamError{Param: name, Reason: reason}
}

// body reads the request's body, of at most limit bytes.
func body(c *fiber.Ctx, limit int) ([]byte, error) {
	if c.Get(fiber.HeaderContentEncoding) != "" {
		return nil, problem(fiber.StatusUnsupportedMediaType, CodeMediaType, "the body must not be compressed")
	}
	source := c.Context().RequestBodyStream()
	if !c.Request().IsBodyStream() {
		source = bytes.NewReader(c.Request().Body())
	}
	if c.Request().Header.ContentLength() > limit {
		return nil, tooLarge(source, limit)
	}
	text, err := io.ReadAll(io.LimitReader(source, int64(limit)+1))
	switch {
	case err != nil:
		return nil, problem(fiber.StatusBadRequest, CodeRequestInvalid, "the body ended early, or came too slowly")
	case len(text) > limit:
		return nil, tooLarge(source, limit)
	}
	c.Locals(localBodyRead, true)
	return text, nil
}

// tooLarge refuses a body. It reads on for a while, since many clients look at
// the answer only when they have sent all.
func tooLarge(source io.Reader, limit int) error {
	_, _ = io.CopyN(io.Discard, source, int64(limit)) // the answer is the same whatever comes of it
	return problem(fiber.StatusRequestEntityTooLarge, CodeBodyTooLarge, fmt.Sprintf("the body is larger than %d bytes", limit))
}

// wantType refuses a body of a type other than the kinds. A body without a type
// is taken.
func wantType(c *fiber.Ctx, kinds ...string) error {
	stated := c.Get(fiber.HeaderContentType)
	if stated == "" {
		return nil
	}
	kind, _, err := mime.ParseMediaType(stated)
	if err != nil || !slices.Contains(kinds, kind) {
		return problem(fiber.StatusUnsupportedMediaType, CodeMediaType, "the body must be of type "+strings.Join(kinds, " or "))
	}
	return nil
}

// jsonBody reads a JSON object into v and refuses members that v does not have,
// and parameters in the address.
func jsonBody(c *fiber.Ctx, v any, members ...string) error {
	if _, err := only(c); err != nil {
		return err
	}
	if err := wantType(c, fiber.MIMEApplicationJSON); err != nil {
		return err
	}
	text, err := body(c, MaxBody)
	if err != nil {
		return err
	}
	var given map[string]json.RawMessage
	if err := json.Unmarshal(text, &given); err != nil {
		return &news.ParamError{Param: "body", Reason: "must be one JSON object: " + err.Error()}
	}
	for name := range given {
		if !slices.Contains(members, name) {
			return unknownName("member", name, members)
		}
	}
	if err := json.Unmarshal(text, v); err != nil {
		var kind *json.UnmarshalTypeError
		if errors.As(err, &kind) {
			return &news.ParamError{Param: kind.Field, Reason: fmt.Sprintf("must be a %s, not a %s", kind.Type, kind.Value)}
		}
		return &news.ParamError{Param: "body", Reason: err.Error()}
	}
	return nil
}

// single returns the only value of a parameter, empty when not given.
func single(values url.Values, name string) (string, error) {
	if len(values[name]) > 1 {
		return "", &news.ParamError{Param: name, Reason: "is given more than once"}
	}
	return values.Get(name), nil
}

// number reads a whole number between least and most, unset when not given.
func number(values url.Values, name string, unset, least, most int) (int, error) {
	s, err := single(values, name)
	if err != nil || s == "" {
		return unset, err
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		return 0, &news.ParamError{Param: name, Value: clip(s), Reason: fmt.Sprintf("must be a whole number between %d and %d", least, most)}
	}
	return n, nil
}

// flag reads true or false, unset when not given.
func flag(values url.Values, name string, unset bool) (bool, error) {
	s, err := single(values, name)
	if err != nil || s == "" {
		return unset, err
	}
	on, err := strconv.ParseBool(s)
	if err != nil {
		return false, &news.ParamError{Param: name, Value: clip(s), Reason: "must be true or false"}
	}
	return on, nil
}
