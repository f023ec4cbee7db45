package web

import (
	"crypto/rand"
	"slices"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/api/caller"
)

// sessionCookie holds the name of a visitor's session, never his key.
const sessionCookie = "broadsheet"

const (
	// sessionLength is how long one stays signed in.
	sessionLength = 12 * time.Hour
	// maxSessions bounds how many are signed in; beyond it, the oldest are
	// signed out. Only holders of keys can sign in, so this bounds mistakes.
	maxSessions = 1000
)

// fieldKey is the field of the form that signs in.
const fieldKey = "key"

// sessions are the visitors who have signed in since this process began. They are
// safe for concurrent use.
type sessions struct {
	mu   sync.Mutex
	open map[string]session
}

// session remembers the key, so that one that is taken away ends its sessions too.
type session struct {
	key  string
	ends time.Time
}

// begin returns the unguessable name of a new session.
func (s *sessions) begin(key string, now time.Time) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.prune(now)
	name := rand.Text()
	s.open[name] = session{key, now.Add(sessionLength)}
	return name
}

// prune makes room for one more.
func (s *sessions) prune(now time.Time) {
	var names []string
	for name, one := range s.open {
		if !now.Before(one.ends) {
			delete(s.open, name)
			continue
		}
		names = append(names, name)
	}
	if len(names) < maxSessions {
		return
	}
	slices.SortFunc(names, func(a, b string) int { return s.open[a].ends.Compare(s.open[b].ends) })
	for _, name := range names[:len(names)-maxSessions+1] {
		delete(s.open, name)
	}
}

// key returns the key with which the session began, nothing if there is none.
func (s *sessions) key(name string, now time.Time) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if one, ok := s.open[name]; ok && now.Before(one.ends) {
		return one.key
	}
	return ""
}

func (s *sessions) end(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, name)
}

// isSignedIn reports whether the visitor has signed in with a key that is still
// good.
func (p *pages) isSignedIn(c *fiber.Ctx) bool {
	if p.deps.SignIn == nil {
		return false
	}
	key := p.key(c)
	return key != "" && p.deps.SignIn(key)
}

// key is the one with which the visitor has signed in, if he has.
func (p *pages) key(c *fiber.Ctx) string {
	return p.sessions.key(c.Cookies(sessionCookie), p.deps.Now())
}

// signInPage asks for a key.
type signInPage struct {
	frame
	Refused bool
}

// askKey answers GET /sign-in, and whatever is only for who has signed in.
func (p *pages) askKey(c *fiber.Ctx) error {
	if p.deps.SignIn == nil {
		return errForeign
	}
	return p.renderSignIn(c, false)
}

// renderSignIn says by its status that the page asked for is not to be had yet.
func (p *pages) renderSignIn(c *fiber.Ctx, refused bool) error {
	status := fiber.StatusForbidden
	if c.Path() == pathSignIn && !refused {
		status = fiber.StatusOK
	}
	return p.render(c, status, "signin.html", &signInPage{frame: frame{Title: "Sign in"}, Refused: refused})
}

// signIn answers the form with the key.
func (p *pages) signIn(c *fiber.Ctx) error {
	values, err := form(c)
	if err != nil {
		return err
	}
	key := values.Get(fieldKey)
	if p.deps.SignIn == nil || key == "" || !p.deps.SignIn(key) {
		p.deps.Log.Warn("sign-in refused", "peer", caller.Of(c).Addr.String())
		return p.renderSignIn(c, true)
	}
	p.setSession(c, p.sessions.begin(key, p.deps.Now()))
	return c.Redirect("/health", fiber.StatusSeeOther)
}

// signOut answers the button that ends a session.
func (p *pages) signOut(c *fiber.Ctx) error {
	p.sessions.end(c.Cookies(sessionCookie))
	p.setSession(c, "")
	return c.Redirect("/", fiber.StatusSeeOther)
}

// setSession hands out a cookie that no script can read, that other sites' pages
// cannot make the browser send, that nothing beside us on the same host is sent,
// and that travels encrypted if the page did. It ends with the browser, if the
// session does not end before.
func (p *pages) setSession(c *fiber.Ctx, name string) {
	c.Cookie(&fiber.Cookie{
		Name: sessionCookie, Value: name, Path: p.deps.BasePath + "/", HTTPOnly: true, SameSite: fiber.CookieSameSiteStrictMode,
		Secure: caller.Of(c).Scheme == "https",
	})
}
