package crawler

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"time"

	"broadsheet.example/crawler/fetch"
	"broadsheet.example/crawler/link"
	"broadsheet.example/news"
	"broadsheet.example/store"
)

const (
	// leaseAsked is for how long hubs are asked to tell us of news. What they
	// grant counts only between leaseLeast and leaseMost.
	leaseAsked = 10 * 24 * time.Hour
	leaseLeast = 5 * time.Minute
	leaseMost  = 30 * 24 * time.Hour
	// confirmWithin is how long after a request a hub may confirm it.
	confirmWithin = time.Hour
	// hubRetry is the wait after a request that was not confirmed; it doubles up
	// to hubRetryMost.
	hubRetry     = time.Hour
	hubRetryMost = 24 * time.Hour
	// hubLook is how often the subscriber looks for work, and hubBatch how much it
	// does at a look.
	hubLook  = 10 * time.Second
	hubBatch = 20
)

// ErrSignature means that a delivery is not signed by the hub that was asked.
var ErrSignature = errors.New("not signed with the secret of the subscription")

// SubscriberStore is what a [Subscriber] needs of the system of record.
type SubscriberStore interface {
	store.Subscriptions
	ChangeFeed(ctx context.Context, id string, patch store.FeedPatch) (news.Feed, error)
}

// Subscriber has hubs tell of news (WebSub, W3C 2018), where feeds name one. What
// a hub delivers is taken as the word that there is something new: the feed is
// polled at once, so that nothing is stored that did not come from the publisher.
// Polling goes on by its own rhythm all the while. It is safe for concurrent use.
type Subscriber struct {
	store    SubscriberStore
	fetch    *fetch.Client
	callback string // address before what names a feed; empty: hubs cannot reach us
	now      func() time.Time
	log      *slog.Logger
}

// NewSubscriber returns a subscriber that hubs reach at callback followed by a
// name that [Subscriber.Confirm] and [Subscriber.Deliver] take. When callback is
// empty it asks no hub. A nil now means time.Now.
func NewSubscriber(s SubscriberStore, client *fetch.Client, callback string, now func() time.Time, log *slog.Logger) *Subscriber {
	if now == nil {
		now = time.Now
	}
	return &Subscriber{store: s, fetch: client, callback: callback, now: now, log: log}
}

// Run asks hubs, and asks them again before what they granted ends, until ctx is
// done.
func (s *Subscriber) Run(ctx context.Context) error {
	for s.callback != "" && ctx.Err() == nil {
		due, err := s.store.DueSubscriptions(ctx, hubBatch)
		if err != nil && ctx.Err() == nil {
			s.log.Error("look for subscriptions", "err", err)
		}
		for _, sub := range due {
			s.ask(ctx, sub)
		}
		pause(ctx, hubLook)
	}
	return nil
}

// ask requests a subscription. That it has been asked is kept before, since a
// hub may confirm while it answers.
func (s *Subscriber) ask(ctx context.Context, sub store.Subscription) {
	sub.Asked = s.now()
	sub.Next = sub.Asked.Add(min(hubRetry<<min(sub.Failures, 5), hubRetryMost))
	sub.Failures++
	if err := s.store.PutSubscription(ctx, sub); err != nil {
		s.log.Error("put subscription", "feed", sub.FeedID, "err", err)
		return
	}
	status, err := s.fetch.Post(ctx, sub.Hub, url.Values{
		"hub.mode": {"subscribe"}, "hub.callback": {s.callback + callbackName(sub)}, "hub.topic": {sub.Topic},
		"hub.secret": {sub.Secret}, "hub.lease_seconds": {strconv.Itoa(int(leaseAsked / time.Second))},
	})
	s.log.Info("subscribe", "feed", sub.FeedID, "hub", sub.Hub, "status", status, "err", err)
}

// offer takes note of the hub that a feed names, or no longer names.
func (s *Subscriber) offer(ctx context.Context, feedID, hub, topic string) error {
	if s.callback == "" {
		return nil
	}
	hub, topic, ok := hubAddresses(hub, topic)
	have, err := s.store.Subscription(ctx, feedID)
	switch {
	case err != nil && !errors.Is(err, news.ErrNotFound):
		return err
	case !ok && err != nil || ok && have.Hub == hub && have.Topic == topic:
		return nil
	case !ok:
		return s.store.DropSubscription(ctx, feedID)
	}
	return s.store.PutSubscription(ctx, store.Subscription{FeedID: feedID, Hub: hub, Topic: topic, Secret: rand.Text(), Next: s.now()})
}

// hubAddresses cleans the addresses of a hub and a topic. The topic is to be
// repeated as it was written.
func hubAddresses(hub, topic string) (string, string, bool) {
	hub, err := link.Clean(hub)
	if err != nil {
		return "", "", false
	}
	_, err = link.Clean(topic)
	return hub, topic, err == nil
}

// callbackName names a subscription in its callback, by the feed's ID and by what
// only the hub that was asked can know: its questions are not signed, and nobody
// else is to end or shorten what it grants.
func callbackName(sub store.Subscription) string {
	mac := hmac.New(sha256.New, []byte(sub.Secret))
	mac.Write([]byte("callback " + sub.FeedID))
	return sub.FeedID + "." + hex.EncodeToString(mac.Sum(nil)[:16])
}

// Confirm answers a hub that asks whether a subscription is wanted: it returns
// the challenge to be repeated. It fails with news.ErrNotFound when we have not
// asked for it.
func (s *Subscriber) Confirm(ctx context.Context, name string, asked url.Values) (challenge string, err error) {
	feedID, _, _ := strings.Cut(name, ".")
	sub, err := s.store.Subscription(ctx, feedID)
	if err != nil {
		return "", err
	}
	if !hmac.Equal([]byte(name), []byte(callbackName(sub))) {
		return "", fmt.Errorf("%w: no hub was given this address", news.ErrNotFound)
	}
	if asked.Get("hub.topic") != sub.Topic || sub.Asked.IsZero() || s.now().Sub(sub.Asked) > confirmWithin {
		return "", fmt.Errorf("%w: nothing was asked of a hub for this topic", news.ErrNotFound)
	}
	switch asked.Get("hub.mode") {
	case "subscribe":
		lease := granted(asked.Get("hub.lease_seconds"))
		sub.Failures, sub.Expires, sub.Next = 0, s.now().Add(lease), s.now().Add(lease-lease/4)
	case "denied":
		sub.Asked, sub.Expires, sub.Next = time.Time{}, time.Time{}, s.now().Add(hubRetryMost)
	default:
		return "", fmt.Errorf("%w: nothing but to subscribe was asked", news.ErrNotFound)
	}
	s.log.Info("hub answers", "feed", feedID, "hub", sub.Hub, "mode", asked.Get("hub.mode"), "until", sub.Expires)
	return asked.Get("hub.challenge"), s.store.PutSubscription(ctx, sub)
}

// granted reads for how long a hub grants a subscription.
func granted(seconds string) time.Duration {
	n, err := strconv.Atoi(seconds)
	if err != nil || n <= 0 {
		return leaseAsked
	}
	return max(min(time.Duration(min(n, int(leaseMost/time.Second)))*time.Second, leaseMost), leaseLeast)
}

// Deliver takes the word of a hub that a feed has news: the feed is due now. It
// fails with news.ErrNotFound when there is no subscription in force, and with
// ErrSignature when the body is not signed by it (X-Hub-Signature).
func (s *Subscriber) Deliver(ctx context.Context, name, signature string, body []byte) error {
	feedID, _, _ := strings.Cut(name, ".")
	sub, err := s.store.Subscription(ctx, feedID)
	if err != nil {
		return err
	}
	if !s.now().Before(sub.Expires) {
		return fmt.Errorf("%w: the subscription is not in force", news.ErrNotFound)
	}
	if !signed(sub.Secret, signature, body) {
		s.log.Warn("hub's delivery refused", "feed", feedID, "hub", sub.Hub, "err", ErrSignature)
		return ErrSignature
	}
	_, err = s.store.ChangeFeed(ctx, feedID, store.FeedPatch{Refresh: true})
	return err
}

// signed reports whether signature, METHOD=HEX, is that of body under secret.
func signed(secret, signature string, body []byte) bool {
	method, text, _ := strings.Cut(signature, "=")
	given, err := hex.DecodeString(text)
	digest := map[string]func() hash.Hash{"sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New}[method]
	if err != nil || digest == nil || secret == "" {
		return false
	}
	mac := hmac.New(digest, []byte(secret))
	mac.Write(body)
	return hmac.Equal(given, mac.Sum(nil))
}
