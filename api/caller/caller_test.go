package caller_test

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"testing"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/api/caller"
)

// told is what the test's server says of its caller.
type told struct{ Addr, Base, Why string }

// serve starts a server that tells each caller who he is, and returns its
// address.
func serve(t *testing.T, trusted []netip.Prefix, wrap func(net.Listener) net.Listener) string {
	t.Helper()
	app := fiber.New(fiber.Config{DisableStartupMessage: true, Immutable: true})
	app.Use(caller.Identify(trusted))
	app.Get("/", func(c *fiber.Ctx) error {
		who := caller.Of(c)
		out := told{Base: who.Base()}
		if who.Addr.IsValid() {
			out.Addr = who.Addr.String()
		}
		if err := who.Local(); err != nil {
			out.Why = err.Error()
		}
		return c.JSON(out)
	})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- app.Listener(wrap(ln)) }()
	t.Cleanup(func() {
		if err := errors.Join(app.Shutdown(), <-ended); err != nil {
			t.Error(err)
		}
	})
	return ln.Addr().String()
}

func ask(t *testing.T, addr, host string, headers [][2]string) told {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+addr+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if host != "" {
		req.Host = host
	}
	for _, h := range headers {
		req.Header.Add(h[0], h[1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var out told
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

func plain(l net.Listener) net.Listener { return l }

func TestWithoutTrust(t *testing.T) {
	addr := serve(t, nil, plain)
	tests := []struct {
		name, host string
		headers    [][2]string
		why        error
	}{
		{name: "direct"},
		{name: "localhost", host: "localhost:8080"},
		{name: "own page", host: "localhost", headers: [][2]string{{"Origin", "http://localhost"}}},
		{name: "for", headers: [][2]string{{"X-Forwarded-For", "203.0.113.7"}}, why: caller.ErrElsewhere},
		{name: "spelled oddly", headers: [][2]string{{"x-FORWARDED-port", "80"}}, why: caller.ErrElsewhere},
		{name: "forwarded", headers: [][2]string{{"Forwarded", "for=203.0.113.7"}}, why: caller.ErrElsewhere},
		{name: "real ip", headers: [][2]string{{"X-Real-IP", "127.0.0.1"}}, why: caller.ErrElsewhere},
		{name: "via", headers: [][2]string{{"Via", "1.1 cache"}}, why: caller.ErrElsewhere},
		{name: "foreign name", host: "evil.example", why: caller.ErrName},
		{name: "foreign page", headers: [][2]string{{"Origin", "https://evil.example"}}, why: caller.ErrOrigin},
		{name: "hidden page", headers: [][2]string{{"Origin", "null"}}, why: caller.ErrOrigin},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ask(t, addr, tt.host, tt.headers)
			why := ""
			if tt.why != nil {
				why = tt.why.Error()
			}
			if got.Why != why || got.Addr != "127.0.0.1" {
				t.Errorf("got %+v, want address 127.0.0.1 and %q", got, why)
			}
		})
	}
}

func TestTrustedProxies(t *testing.T) {
	addr := serve(t, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::/32")}, plain)
	at := func(client, base string) told {
		return told{Addr: client, Base: base, Why: caller.ErrElsewhere.Error()}
	}
	const here = "http://localhost"
	tests := []struct {
		name    string
		headers [][2]string
		want    told
	}{
		{"no word", nil, at("127.0.0.1", here)},
		{"client", [][2]string{{"X-Forwarded-For", "203.0.113.7"}}, at("203.0.113.7", here)},
		{"a client's own word", [][2]string{{"X-Forwarded-For", "127.0.0.1, 198.51.100.9"}}, at("198.51.100.9", here)},
		{"two proxies", [][2]string{{"X-Forwarded-For", "198.51.100.9, 10.1.2.3"}}, at("198.51.100.9", here)},
		{"two headers", [][2]string{{"X-Forwarded-For", "198.51.100.1"}, {"X-Forwarded-For", "198.51.100.2"}}, at("198.51.100.2", here)},
		{"with ports", [][2]string{{"X-Forwarded-For", "198.51.100.9:4711, [2001:db8::1]:80"}}, at("198.51.100.9", here)},
		{"mapped", [][2]string{{"X-Forwarded-For", "::ffff:198.51.100.9"}}, at("198.51.100.9", here)},
		{"no address", [][2]string{{"X-Forwarded-For", "198.51.100.9, unknown"}}, at("127.0.0.1", here)},
		{"claims to be local", [][2]string{{"X-Forwarded-For", "127.0.0.1"}}, at("127.0.0.1", here)},
		{"scheme and host", [][2]string{{"X-Forwarded-Proto", "https"}, {"X-Forwarded-Host", "news.example.org"}}, at("127.0.0.1", "https://news.example.org")},
		{"no scheme", [][2]string{{"X-Forwarded-Proto", "javascript"}}, at("127.0.0.1", here)},
		{"no host", [][2]string{{"X-Forwarded-Host", `evil"/><script>`}}, at("127.0.0.1", here)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := ask(t, addr, "localhost", tt.headers); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

// Who reaches the control socket is local under any name, but for a proxy.
func TestControl(t *testing.T) {
	addr := serve(t, nil, caller.Control)
	if got := ask(t, addr, "anything", nil); got != (told{Base: "http://anything"}) {
		t.Errorf("got %+v", got)
	}
	got := ask(t, addr, "anything", [][2]string{{"X-Forwarded-For", "203.0.113.7"}})
	if got != (told{Base: "http://anything", Why: caller.ErrElsewhere.Error()}) {
		t.Errorf("through a proxy: got %+v", got)
	}
}

func FuzzForwardedFor(f *testing.F) {
	f.Add("203.0.113.7, 127.0.0.1", "news.example.org", "https")
	f.Add("[::1]:80,,", "a b", "x")
	f.Fuzz(func(t *testing.T, chain, host, scheme string) {
		app := fiber.New()
		trusted := []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0")}
		app.Use(caller.Identify(trusted))
		app.Get("/", func(c *fiber.Ctx) error {
			who := caller.Of(c)
			if who.Local() == nil {
				t.Error("a proxied caller is taken for local")
			}
			if who.Scheme != "http" && who.Scheme != "https" {
				t.Errorf("scheme %q", who.Scheme)
			}
			return nil
		})
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost/", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header["X-Forwarded-For"], req.Header["X-Forwarded-Host"], req.Header["X-Forwarded-Proto"] = []string{chain}, []string{host}, []string{scheme}
		if resp, err := app.Test(req, -1); err == nil {
			resp.Body.Close()
		}
	})
}
