package crawler_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path"
	"sync"
	"testing"
	"time"

	"broadsheet.example/crawler"
	"broadsheet.example/crawler/fetch"
	"broadsheet.example/crawler/link"
	"broadsheet.example/crawler/source"
	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/sqlite"
)

// hub is a WebSub hub on loopback: it confirms what it is asked for, if it is
// willing, and delivers.
type hub struct {
	*httptest.Server
	t     *testing.T
	mu    sync.Mutex
	mode  string // what it answers a request with: subscribe, denied, or nothing
	lease string
	asked []url.Values
	told  int // status of the last confirmation
}

func newHub(t *testing.T) *hub {
	h := &hub{t: t, mode: "subscribe", lease: "3600"}
	h.Server = httptest.NewServer(h)
	t.Cleanup(h.Close)
	return h
}

func (h *hub) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil || r.Method != http.MethodPost {
		h.t.Errorf("%s, not a form: %v", r.Method, err)
	}
	h.mu.Lock()
	h.asked = append(h.asked, r.PostForm)
	mode, lease := h.mode, h.lease
	h.mu.Unlock()
	if mode != "" { // while the request is answered, as some hubs do
		status := h.confirm(r.PostForm.Get("hub.callback"), mode, r.PostForm.Get("hub.topic"), lease)
		h.mu.Lock()
		h.told = status
		h.mu.Unlock()
	}
	rw.WriteHeader(http.StatusAccepted)
}

// confirm asks the subscriber, and returns the status of his answer, 0 when he
// does not repeat the challenge.
func (h *hub) confirm(callback, mode, topic, lease string) int {
	res, err := http.Get(callback + "?" + url.Values{"hub.mode": {mode}, "hub.topic": {topic}, "hub.challenge": {"ch&llenge"}, "hub.lease_seconds": {lease}}.Encode())
	if err != nil {
		h.t.Error(err)
		return 0
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode == http.StatusOK && string(body) != "ch&llenge" {
		return 0
	}
	return res.StatusCode
}

// subscribed is a feed that names a hub, a crawler, and a callback on loopback.
type subscribed struct {
	*testing.T
	hub        *hub
	store      *sqlite.Store
	subscriber *crawler.Subscriber
	crawler    *crawler.Crawler
	feed       news.Feed
	topic      string

	mu   sync.Mutex
	now  time.Time
	page string // the feed's body
}

func newSubscribed(t *testing.T) *subscribed {
	s := &subscribed{T: t, hub: newHub(t), now: time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)}
	press := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		_, _ = io.WriteString(rw, s.page)
	}))
	callback := httptest.NewServer(http.HandlerFunc(s.callback))
	t.Cleanup(press.Close)
	t.Cleanup(callback.Close)
	s.topic = press.URL + "/feed.xml?all"
	s.offer(s.hub.URL)

	var err error
	s.store, err = sqlite.Open(t.Context(), sqlite.Config{Dir: t.TempDir(), Host: link.Host, Now: s.clock}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.store.Close() })
	client := fetch.New(fetch.Config{AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Now: s.clock}, slog.New(slog.DiscardHandler))
	sources, err := source.Load()
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	s.subscriber = crawler.NewSubscriber(s.store, client, callback.URL+"/websub/", s.clock, log)
	cfg := crawler.Config{Interval: 15 * time.Minute, MaxInterval: 24 * time.Hour, Concurrency: 2, Hubs: s.subscriber, Now: s.clock}
	s.crawler = crawler.New(cfg, s.store, client, crawler.NewIngester(sources, nameless{}, s.clock), log)
	s.feed = news.Feed{ID: "feed", URL: press.URL + "/feed.xml", Enabled: true}
	if _, err := s.store.PutFeeds(t.Context(), s.feed); err != nil {
		t.Fatal(err)
	}
	return s
}

// callback is the part of the API that hubs know.
func (s *subscribed) callback(rw http.ResponseWriter, r *http.Request) {
	challenge, err := s.subscriber.Confirm(r.Context(), r.URL.Path[len("/websub/"):], r.URL.Query())
	if err != nil {
		http.Error(rw, err.Error(), http.StatusNotFound)
		return
	}
	_, _ = io.WriteString(rw, challenge)
}

func (s *subscribed) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *subscribed) advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

// offer has the feed name a hub, or none.
func (s *subscribed) offer(hub string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	named := ""
	if hub != "" {
		named = `<link rel="hub" href="` + hub + `"/>`
	}
	s.page = `<feed xmlns="http://www.w3.org/2005/Atom"><title>Gazette</title>` + named + `<link rel="self" href="` + s.topic + `"/></feed>`
}

// poll polls the feed now.
func (s *subscribed) poll() {
	s.Helper()
	s.advance(2 * time.Minute)
	if _, err := s.store.ChangeFeed(s.Context(), s.feed.ID, store.FeedPatch{Refresh: true}); err != nil {
		s.Fatal(err)
	}
	if err := s.crawler.Pass(s.Context()); err != nil {
		s.Fatal(err)
	}
}

// until runs the subscriber until the condition holds.
func (s *subscribed) until(what string, holds func(store.Subscription) bool) store.Subscription {
	s.Helper()
	ctx, stop := context.WithTimeout(s.Context(), time.Minute)
	var running sync.WaitGroup
	running.Go(func() { _ = s.subscriber.Run(ctx) })
	defer running.Wait()
	defer stop()
	for ctx.Err() == nil {
		if sub, err := s.store.Subscription(s.Context(), s.feed.ID); err == nil && holds(sub) {
			return sub
		}
		time.Sleep(10 * time.Millisecond)
	}
	s.Fatal("never: " + what)
	return store.Subscription{}
}

// due reports whether the feed is due now.
func (s *subscribed) due() bool {
	s.Helper()
	d, err := s.store.Due(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	return d.FeedsDue > 0
}

func sign(secret, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = io.WriteString(mac, body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

func TestWebSubSubscribesAndRenews(t *testing.T) {
	s := newSubscribed(t)
	s.poll()
	sub := s.until("confirmed", func(sub store.Subscription) bool { return !sub.Expires.IsZero() })
	if sub.Topic != s.topic || sub.Failures != 0 || sub.Expires.Sub(s.clock()) != time.Hour || sub.Next.Sub(s.clock()) != 45*time.Minute {
		t.Errorf("subscription: %+v", sub)
	}
	asked := s.hub.asked[0]
	if asked.Get("hub.mode") != "subscribe" || asked.Get("hub.topic") != s.topic || asked.Get("hub.secret") != sub.Secret || len(sub.Secret) < 20 {
		t.Errorf("asked for %v", asked)
	}
	s.poll() // the same hub again: nothing changes
	s.advance(46 * time.Minute)
	s.until("renewed", func(sub store.Subscription) bool { return sub.Expires.Sub(s.clock()) == time.Hour })
	if len(s.hub.asked) != 2 {
		t.Errorf("the hub was asked %d times, want 2", len(s.hub.asked))
	}
}

func TestWebSubDeliveries(t *testing.T) {
	s := newSubscribed(t)
	s.poll()
	sub := s.until("confirmed", func(sub store.Subscription) bool { return !sub.Expires.IsZero() })
	for _, signature := range []string{"", "sha256=", "sha256=zz", sign("guess", "news"), sign(sub.Secret, "other"), "md5=" + sign(sub.Secret, "news")[7:]} {
		if err := s.subscriber.Deliver(t.Context(), s.feed.ID, signature, []byte("news")); !errors.Is(err, crawler.ErrSignature) {
			t.Errorf("signature %q: %v", signature, err)
		}
	}
	if s.due() {
		t.Error("a delivery that is not signed makes the feed due")
	}
	if err := s.subscriber.Deliver(t.Context(), callbackName(t, s), sign(sub.Secret, "news"), []byte("news")); err != nil || !s.due() {
		t.Errorf("signed delivery: due %v, %v", s.due(), err)
	}
	if err := s.subscriber.Deliver(t.Context(), "unknown", sign(sub.Secret, "news"), []byte("news")); !errors.Is(err, news.ErrNotFound) {
		t.Errorf("delivery for an unknown feed: %v", err)
	}
	s.advance(2 * time.Hour)
	if err := s.subscriber.Deliver(t.Context(), s.feed.ID, sign(sub.Secret, "news"), []byte("news")); !errors.Is(err, news.ErrNotFound) {
		t.Errorf("delivery after the end: %v", err)
	}
}

// callbackName is what the hub was told to call.
func callbackName(t *testing.T, s *subscribed) string {
	t.Helper()
	u, err := url.Parse(s.hub.asked[0].Get("hub.callback"))
	if err != nil {
		t.Fatal(err)
	}
	return path.Base(u.Path)
}

func TestWebSubConfirmsWhatWasAsked(t *testing.T) {
	s := newSubscribed(t)
	s.hub.mode = ""
	callback := func() string { return s.hub.asked[0].Get("hub.callback") }
	s.poll()
	sub := s.until("asked", func(sub store.Subscription) bool { return !sub.Asked.IsZero() })
	if sub.Failures != 1 || sub.Next.Sub(s.clock()) != time.Hour {
		t.Errorf("while the hub is silent: %+v", sub)
	}
	for _, guess := range []string{s.feed.ID, s.feed.ID + ".", s.feed.ID + ".00000000000000000000000000000000"} {
		for _, mode := range []string{"subscribe", "denied"} {
			asked := url.Values{"hub.mode": {mode}, "hub.topic": {s.topic}, "hub.lease_seconds": {"1"}}
			if _, err := s.subscriber.Confirm(t.Context(), guess, asked); !errors.Is(err, news.ErrNotFound) {
				t.Errorf("%s by who guesses %s: %v", mode, guess, err)
			}
		}
	}
	for _, tt := range []struct {
		mode, topic string
		status      int
	}{
		{"subscribe", "http://elsewhere.example/", 404},
		{"unsubscribe", s.topic, 404},
		{"publish", s.topic, 404},
		{"subscribe", s.topic, 200},
		{"denied", s.topic, 200},
		{"subscribe", s.topic, 404}, // nothing is asked any more
	} {
		if got := s.hub.confirm(callback(), tt.mode, tt.topic, "99999999999"); got != tt.status {
			t.Errorf("%s %s: %d, want %d", tt.mode, tt.topic, got, tt.status)
		}
	}
	s.advance(25 * time.Hour)
	s.until("asked again after a refusal", func(sub store.Subscription) bool { return sub.Asked.Equal(s.clock()) })
	s.advance(2 * time.Hour)
	if got := s.hub.confirm(callback(), "subscribe", s.topic, "60"); got != 404 {
		t.Errorf("hours after the request: %d", got)
	}
}

func TestWebSubEndsWithItsHub(t *testing.T) {
	s := newSubscribed(t)
	s.poll()
	s.until("confirmed", func(sub store.Subscription) bool { return !sub.Expires.IsZero() })
	before := s.feedState()
	if wait := before.NextPoll.Sub(s.clock()); wait <= 0 || wait > 24*time.Hour {
		t.Errorf("with a subscription in force the feed is polled in %v", wait)
	}
	other := newHub(t)
	s.offer(other.URL)
	s.poll()
	s.until("another hub", func(sub store.Subscription) bool { return sub.Hub == other.URL+"/" && !sub.Expires.IsZero() })
	s.offer("")
	s.poll()
	if _, err := s.store.Subscription(t.Context(), s.feed.ID); !errors.Is(err, news.ErrNotFound) {
		t.Errorf("without a hub: %v", err)
	}
}

func (s *subscribed) feedState() news.Feed {
	s.Helper()
	list, err := s.store.ListFeeds(s.Context())
	if err != nil || len(list) != 1 {
		s.Fatal(list, err)
	}
	return list[0]
}
