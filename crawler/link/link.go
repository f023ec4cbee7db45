// Package link is what Broadsheet knows about web addresses: how one is made
// fit to fetch ([Clean], [Join]), which addresses mean the same page ([Key]),
// and which belong to the same site or the same server ([Registrable],
// [SameSite], [Host]).
//
// It reads strings and returns strings; it does no I/O and looks nothing up
// but the public suffix list that is compiled in. Every input may be hostile:
// functions bound its length and never panic. Start reading at [Clean] and
// [Key].
package link

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// MaxLen is the longest URL, in bytes, that [Clean], [Join] and [Key] return.
const MaxLen = 2048

// maxRaw is the longest input that is looked at: tracking parameters may make
// up most of it.
const maxRaw = 8192

// Errors of [Clean], [Join] and [Key]. They are wrapped with the details.
var (
	ErrTooLong  = errors.New("URL too long")
	ErrScheme   = errors.New("not an http or https URL")
	ErrHost     = errors.New("URL without a usable host")
	ErrUserinfo = errors.New("URL carries a user name or password")
	ErrSyntax   = errors.New("malformed URL")
)

// Clean returns raw as an absolute http or https URL fit to be fetched: white
// space around it removed, host in lower case and punycode, default port and
// fragment dropped, dot segments resolved, stray characters percent-encoded.
// Path and parameters are otherwise those of raw. Clean(Clean(x)) is Clean(x).
func Clean(raw string) (string, error) {
	u, err := parse(raw)
	if err != nil {
		return "", err
	}
	return render(u)
}

// Join returns ref, resolved against the URL base and cleaned as by [Clean].
// An absolute ref does not need a base.
func Join(base, ref string) (string, error) {
	r, err := lenient(ref)
	if err != nil {
		return "", err
	}
	if !r.IsAbs() {
		b, err := parse(base)
		if err != nil {
			return "", fmt.Errorf("base of %q: %w", abbreviate(ref), err)
		}
		r = b.ResolveReference(r)
	}
	if err := normalize(r); err != nil {
		return "", err
	}
	return render(r)
}

// Key returns the URL key of raw: one string for all addresses of a page that
// differ in nothing but scheme, fragment, tracking parameters (see
// [IsTracking]), letter case of the host, default port, dot segments or
// needless percent-encoding. A trailing slash and the order of parameters make
// a difference. The key is itself a URL, and Key(Key(x)) is Key(x).
func Key(raw string) (string, error) {
	u, err := parse(raw)
	if err != nil {
		return "", err
	}
	u.Scheme = "https"
	if p := u.Port(); p == "80" || p == "443" {
		u.Host = strings.TrimSuffix(u.Host, ":"+p)
	}
	setPath(u, Plain(u.EscapedPath()))
	if u.RawQuery != "" {
		u.RawQuery = withoutTracking(Registrable(u.Hostname()), Plain(u.RawQuery))
	}
	return render(u)
}

// parse reads an absolute URL and normalizes it.
func parse(raw string) (*url.URL, error) {
	u, err := lenient(raw)
	if err != nil {
		return nil, err
	}
	return u, normalize(u)
}

// normalize checks u and gives it the form of [Clean].
func normalize(u *url.URL) error {
	u.Scheme = strings.ToLower(u.Scheme)
	if u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("%w: scheme %q", ErrScheme, abbreviate(u.Scheme))
	}
	if u.User != nil {
		return ErrUserinfo
	}
	host, err := hostOf(u)
	if err != nil {
		return err
	}
	u.Host, u.Opaque = host, ""
	u.Fragment, u.RawFragment, u.ForceQuery = "", "", false
	setPath(u, removeDots(u.EscapedPath()))
	return nil
}

// render writes u if it is short enough.
func render(u *url.URL) (string, error) {
	s := u.String()
	if len(s) > MaxLen {
		return "", fmt.Errorf("%w: %d bytes, at most %d are allowed", ErrTooLong, len(s), MaxLen)
	}
	return s, nil
}

// abbreviate keeps error messages about hostile input short.
func abbreviate(s string) string {
	const most = 80
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "..."
	}
	return s
}
