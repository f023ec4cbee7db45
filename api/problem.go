package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/configs/opml"
	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// Problem is the body of every error: an RFC 9457 problem document with a code
// for programs. Members that do not apply are left out.
type Problem struct {
	Type      string `json:"type"`
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail,omitempty"`
	Code      Code   `json:"code"`
	Param     string `json:"param,omitempty"`
	RequestID string `json:"requestId"`
	// Offset and Expected are set for CodeQuerySyntax.
	Offset   *int   `json:"offset,omitempty"`
	Expected string `json:"expected,omitempty"`
	// Trace is the way of an address that is not here.
	Trace any `json:"trace,omitempty"`
	// Clause is set for CodeTooCostly.
	Clause string `json:"clause,omitempty"`
	// Line is set for CodeOPML.
	Line int `json:"line,omitempty"`
}

// Error says what went wrong, in words for people.
func (p *Problem) Error() string { return p.Detail }

// Code names a kind of error for programs. Codes do not change.
type Code string

// The codes, with the HTTP status they come with.
const (
	CodeParameterInvalid Code = "parameterInvalid"       // 400
	CodeParameterMissing Code = "parametersMissing"      // 400
	CodeIncompatible     Code = "parametersIncompatible" // 400, below /v2
	CodeSourcesTooMany   Code = "sourcesTooMany"         // 400, below /v2
	CodeNoSource         Code = "sourceDoesNotExist"     // 400, below /v2
	CodeQuerySyntax      Code = "querySyntax"            // 400
	CodeTooDeep          Code = "maximumResultsReached"  // 400
	CodeOPML             Code = "opmlInvalid"            // 400
	CodeRequestInvalid   Code = "requestInvalid"         // 400 and other 4xx of HTTP itself
	CodeLocalOnly        Code = "localOnly"              // 403
	CodeKeyMissing       Code = "apiKeyMissing"          // 401
	CodeKeyInvalid       Code = "apiKeyInvalid"          // 401
	CodeScope            Code = "scopeMissing"           // 403
	CodeUnsigned         Code = "notSigned"              // 403
	CodeNotFound         Code = "notFound"               // 404
	CodeMethod           Code = "methodNotAllowed"       // 405
	CodeRemoved          Code = "removed"                // 410
	CodeCursorExpired    Code = "cursorExpired"          // 410
	CodeBodyTooLarge     Code = "bodyTooLarge"           // 413
	CodeMediaType        Code = "mediaTypeUnsupported"   // 415
	CodeNoFeed           Code = "feedNotFound"           // 422
	CodeTooCostly        Code = "queryTooCostly"         // 422
	CodeRateLimited      Code = "rateLimited"            // 429
	CodeUnexpected       Code = "unexpectedError"        // 500
	CodeUnavailable      Code = "unavailable"            // 503
	CodeTimeout          Code = "timeout"                // 503
	CodeDiskFull         Code = "diskFull"               // 507
)

const problemType = "application/problem+json"

func problem(status int, code Code, detail string) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: code, Detail: detail}
}

func missing(param, what string) *Problem {
	p := problem(fiber.StatusBadRequest, CodeParameterMissing, fmt.Sprintf("%s: is missing; %s", param, what))
	p.Param = param
	return p
}

// problemOf says what the caller is told of err. What he can do nothing about
// is told without its inner words.
func problemOf(err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		copied := *p
		return &copied
	}
	if bad, ok := errors.AsType[*news.ParamError](err); ok {
		p := problem(fiber.StatusBadRequest, CodeParameterInvalid, bad.Error())
		p.Param = bad.Param
		return p
	}
	if bad, ok := errors.AsType[*query.SyntaxError](err); ok {
		p := problem(fiber.StatusBadRequest, CodeQuerySyntax, bad.Error())
		p.Param, p.Offset, p.Expected = "q", &bad.Offset, bad.Expected
		return p
	}
	if bad, ok := errors.AsType[*news.CostError](err); ok {
		p := problem(fiber.StatusUnprocessableEntity, CodeTooCostly, bad.Error())
		p.Param, p.Clause = "q", bad.Clause
		return p
	}
	if bad, ok := errors.AsType[*opml.Error](err); ok {
		p := problem(fiber.StatusBadRequest, CodeOPML, bad.Error())
		p.Line = bad.Line
		return p
	}
	if bad, ok := errors.AsType[*fiber.Error](err); ok {
		return httpProblem(bad)
	}
	return sentinelProblem(err)
}

// sentinelProblem knows the errors of package news.
func sentinelProblem(err error) *Problem {
	switch {
	case errors.Is(err, news.ErrNotFound):
		return problem(fiber.StatusNotFound, CodeNotFound, "there is nothing here under this name")
	case errors.Is(err, news.ErrRemoved):
		return problem(fiber.StatusGone, CodeRemoved, "the article was taken down")
	case errors.Is(err, news.ErrCursorExpired):
		return problem(fiber.StatusGone, CodeCursorExpired, news.ErrCursorExpired.Error())
	case errors.Is(err, news.ErrTooDeep):
		return problem(fiber.StatusBadRequest, CodeTooDeep, news.ErrTooDeep.Error())
	case errors.Is(err, news.ErrDiskFull):
		return problem(fiber.StatusInsufficientStorage, CodeDiskFull, news.ErrDiskFull.Error())
	case errors.Is(err, news.ErrUnavailable):
		return problem(fiber.StatusServiceUnavailable, CodeUnavailable, err.Error())
	case errors.Is(err, context.DeadlineExceeded):
		return problem(fiber.StatusServiceUnavailable, CodeTimeout, "the answer took too long; ask for less, or try again")
	case errors.Is(err, context.Canceled):
		return problem(fiber.StatusServiceUnavailable, CodeUnavailable, "the server is stopping")
	}
	return problem(fiber.StatusInternalServerError, CodeUnexpected, "something went wrong here; the server's log has it under this requestId")
}

// httpProblem knows the errors of Fiber itself: no route, no method, a request
// that is not HTTP.
func httpProblem(e *fiber.Error) *Problem {
	switch e.Code {
	case fiber.StatusNotFound:
		return problem(e.Code, CodeNotFound, "there is no such address; /openapi.json lists them")
	case fiber.StatusMethodNotAllowed:
		return problem(e.Code, CodeMethod, "this address does not take that method; Allow lists those it takes")
	case fiber.StatusRequestEntityTooLarge:
		return problem(e.Code, CodeBodyTooLarge, "the body is too large")
	case fiber.StatusRequestHeaderFieldsTooLarge:
		return problem(e.Code, CodeRequestInvalid, "the address and headers are longer than 16 KiB; long searches go by POST")
	}
	if e.Code >= 500 {
		return problem(e.Code, CodeUnexpected, http.StatusText(e.Code))
	}
	return problem(e.Code, CodeRequestInvalid, e.Message)
}

// fail is the app's error handler: it answers with the problem document of err,
// and logs what the operator must know.
func (s *Server) fail(c *fiber.Ctx, err error) error {
	p := problemOf(err)
	if p.Status == fiber.StatusMethodNotAllowed {
		c.Append(fiber.HeaderAllow, fiber.MethodOptions)
		if c.Method() == fiber.MethodOptions { // which asks for nothing but Allow
			return c.SendStatus(fiber.StatusNoContent)
		}
	}
	p.RequestID = requestID(c)
	c.Set(headerRequestID, p.RequestID) // what is no HTTP comes here without passing observe
	switch p.Status {
	case fiber.StatusInternalServerError:
		s.log.Error("request failed", "request", p.RequestID, "method", c.Method(), "path", c.Path(), "err", err)
	case fiber.StatusServiceUnavailable:
		c.Set(fiber.HeaderRetryAfter, retryAfter)
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Status(p.Status)
	if strings.HasPrefix(c.Path(), newsAPIPrefix) {
		return c.JSON(newsAPIErrorOf(p))
	}
	if err := c.JSON(p); err != nil {
		return fmt.Errorf("write problem: %w", err)
	}
	c.Set(fiber.HeaderContentType, problemType)
	return nil
}
