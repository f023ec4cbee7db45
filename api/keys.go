package api

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/api/caller"
)

// Scope is what the holder of a key may do. Each scope includes those before it.
type Scope string

// The scopes.
const (
	ScopeRead  Scope = "read"
	ScopeWrite Scope = "write" // feeds, imports and decisions about entities
	ScopeAdmin Scope = "admin" // takedowns and the index
)

// Scopes lists the scopes, the narrowest first.
func Scopes() []Scope { return []Scope{ScopeRead, ScopeWrite, ScopeAdmin} }

// covers reports whether s includes wanted.
func (s Scope) covers(wanted Scope) bool {
	have := slices.Index(Scopes(), s)
	return have >= 0 && have >= slices.Index(Scopes(), wanted)
}

// Key is what is known of the holder of a key.
type Key struct {
	Name    string
	Scope   Scope
	Expires time.Time // zero for never
}

// keyOf returns the key that the request names, if it is good. A request without
// one gives none and no error.
func (s *Server) keyOf(c *fiber.Ctx) (*Key, error) {
	token := tokenOf(c)
	if token == "" {
		token = s.sessionKey(c)
	}
	if token == "" || s.deps.Keys == nil {
		return nil, nil
	}
	key, ok := s.deps.Keys(token)
	switch {
	case !ok:
		return nil, refused(c, CodeKeyInvalid, "there is no such key")
	case !key.Expires.IsZero() && !time.Now().Before(key.Expires):
		return nil, refused(c, CodeKeyInvalid, "the key has expired")
	}
	return &key, nil
}

// tokenOf returns the key as it was given: as a bearer, alone as clients of
// NewsAPI do, or in X-Api-Key; to NewsAPI's routes also in their parameter.
func tokenOf(c *fiber.Ctx) string {
	if token := c.Get("X-Api-Key"); token != "" {
		return token
	}
	kind, token, two := strings.Cut(strings.TrimSpace(c.Get(fiber.HeaderAuthorization)), " ")
	switch {
	case two && strings.EqualFold(kind, "bearer"):
		return strings.TrimSpace(token)
	case !two && kind != "":
		return kind
	case strings.HasPrefix(c.Path(), newsAPIPrefix):
		return c.Query(newsAPIKey)
	}
	return ""
}

func refused(c *fiber.Ctx, code Code, detail string) error {
	c.Set(fiber.HeaderWWWAuthenticate, `Bearer realm="Broadsheet"`)
	return problem(fiber.StatusUnauthorized, code, detail)
}

// readers lets through who may read: who asks from this machine itself or,
// where there are keys, has one. What comes through a proxy, under a foreign
// name or from another site's page is not from this machine.
func (s *Server) readers(c *fiber.Ctx) error {
	switch {
	case caller.Of(c).Local() == nil:
		return c.Next()
	case !needsKey(c.Path()):
		if isSpared(c) {
			return c.Next()
		}
		if err := s.limit(c, nil); err != nil {
			return err
		}
		return c.Next()
	}
	key, err := s.keyOf(c)
	if err := s.limit(c, key); err != nil { // who tries keys out is slowed down, too
		return err
	}
	if err != nil {
		return err
	}
	if key == nil && (s.cfg.RequireKey || s.deps.Keys != nil) {
		return refused(c, CodeKeyMissing, "give a key, as Authorization: Bearer KEY or X-Api-Key: KEY; the operator makes them with broadsheet keys add")
	}
	return c.Next()
}

// needsKey leaves out the pages and the suggestions that they show, and what
// monitors, browsers and programmers read before they have a key.
func needsKey(path string) bool {
	return path != "/v1/suggest" && (strings.HasPrefix(path, "/v1/") || strings.HasPrefix(path, newsAPIPrefix) || path == "/metrics")
}

// isSpared reports whether a request that needs no key is not even counted:
// reading pages, and what monitors ask.
func isSpared(c *fiber.Ctx) bool { return isRead(c) && c.Path() != "/v1/suggest" }

// allow lets through who may change something: who asks from this machine, or has
// a key of that scope.
func (s *Server) allow(scope Scope) fiber.Handler {
	return func(c *fiber.Ctx) error {
		foreign := caller.Of(c).Local()
		if foreign == nil {
			return c.Next()
		}
		key, err := s.keyOf(c)
		switch {
		case err != nil:
			return err
		case !s.isOwnPage(c):
			return problem(fiber.StatusForbidden, CodeLocalOnly, "changes are not taken from the web pages of other sites, but for those that api.cors_origins names")
		case key == nil && s.deps.Keys == nil:
			return problem(fiber.StatusForbidden, CodeLocalOnly, "changes are only taken "+foreign.Error())
		case key == nil:
			return refused(c, CodeKeyMissing, "changes need a key of scope "+string(scope)+", or are only taken "+foreign.Error())
		case !key.Scope.covers(scope):
			return problem(fiber.StatusForbidden, CodeScope, fmt.Sprintf("the key %s is for %s; this needs one for %s", key.Name, key.Scope, scope))
		}
		return c.Next()
	}
}

// isOwnPage reports whether the request comes from no web page, from one of ours,
// or from one of an origin that the operator lets in.
func (s *Server) isOwnPage(c *fiber.Ctx) bool {
	origin := c.Get(fiber.HeaderOrigin)
	return origin == "" || slices.Contains(s.cfg.CORSOrigins, origin) || slices.Contains(s.cfg.CORSOrigins, "*") || caller.Of(c).Owns(origin)
}

// limit counts a request against the allowance of its key, or else its address.
func (s *Server) limit(c *fiber.Ctx, key *Key) error {
	if s.cfg.RequestsPerMinute == 0 {
		return nil
	}
	who := "address " + networkOf(caller.Of(c).Addr)
	if key != nil {
		who = "key " + key.Name
	}
	left, reset := s.allowances.take(who, s.cfg.RequestsPerMinute, time.Now())
	seconds := strconv.Itoa(int(reset/time.Second) + 1)
	c.Set("RateLimit-Limit", strconv.Itoa(s.cfg.RequestsPerMinute))
	c.Set("RateLimit-Remaining", strconv.Itoa(max(left, 0)))
	c.Set("RateLimit-Reset", seconds)
	if left < 0 {
		c.Set(fiber.HeaderRetryAfter, seconds)
		return problem(fiber.StatusTooManyRequests, CodeRateLimited, fmt.Sprintf("at most %d requests a minute; try again in %s seconds", s.cfg.RequestsPerMinute, seconds))
	}
	return nil
}

// networkOf is what one caller has to himself: an address or, of IPv6, a /64.
func networkOf(addr netip.Addr) string {
	const own = 64
	if addr.Is4() || !addr.IsValid() {
		return addr.String()
	}
	return netip.PrefixFrom(addr, own).Masked().String()
}

// maxAllowances bounds how many callers are told apart. When there are more, all
// begin anew.
const maxAllowances = 50_000

// allowances counts requests by caller and minute.
type allowances struct {
	mu     sync.Mutex
	minute time.Time
	used   map[string]int
}

// take uses up one request of the caller. It returns how many are left, less
// than none if this was too many, and how long until the count begins anew.
func (a *allowances) take(who string, limit int, now time.Time) (left int, reset time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if minute := now.Truncate(time.Minute); !minute.Equal(a.minute) || len(a.used) >= maxAllowances {
		a.minute, a.used = minute, map[string]int{}
	}
	a.used[who]++
	return limit - a.used[who], a.minute.Add(time.Minute).Sub(now)
}
