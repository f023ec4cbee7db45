package link

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// maxHost is the longest name the DNS can hold.
const maxHost = 253

// errUnstable is never seen by callers; [ErrHost] wraps the name instead.
var errUnstable = errors.New("ambiguous name")

// hostOf returns the host of u in lower case and punycode, with its port unless
// that is the scheme's own.
func hostOf(u *url.URL) (string, error) {
	name, err := canonicalHost(u.Hostname())
	if err != nil {
		return "", err
	}
	if strings.Contains(name, ":") {
		name = "[" + name + "]"
	}
	port := u.Port()
	if port == "" {
		return name, nil
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return "", fmt.Errorf("%w: port %q", ErrHost, abbreviate(port))
	}
	if u.Scheme == "http" && n == 80 || u.Scheme == "https" && n == 443 {
		return name, nil
	}
	return name + ":" + strconv.FormatUint(n, 10), nil
}

// canonicalHost returns a host name or IP address, without brackets, in the
// one form it is compared in.
func canonicalHost(host string) (string, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		if addr.Zone() != "" {
			return "", fmt.Errorf("%w: address with a zone", ErrHost)
		}
		return addr.Unmap().String(), nil
	}
	name, err := toASCII(strings.TrimSuffix(host, "."))
	if err != nil || !isName(name) {
		return "", fmt.Errorf("%w: %q", ErrHost, abbreviate(host))
	}
	return name, nil
}

// toASCII maps names as browsers do, and lets underscores pass, which real
// hosts carry. It refuses what would not map to itself a second time.
func toASCII(name string) (string, error) {
	lower := strings.ToLower(name)
	if !strings.Contains(lower, "xn--") && strings.IndexFunc(name, beyondASCII) < 0 {
		return lower, nil
	}
	profile := idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))
	mapped, err := profile.ToASCII(name)
	if err != nil {
		return "", err
	}
	if again, err := profile.ToASCII(mapped); err != nil || again != mapped {
		return "", errUnstable
	}
	return mapped, nil
}

func beyondASCII(r rune) bool { return r >= 0x80 }

// isName reports whether s is a host name in ASCII. A name whose last label is
// a number is some spelling of an IPv4 address ("127.1", "0x7f000001"): it is
// refused, so that every address is seen for what it is.
func isName(s string) bool {
	if s == "" || len(s) > maxHost {
		return false
	}
	labels := strings.Split(s, ".")
	for _, l := range labels {
		if l == "" || len(l) > 63 || strings.Trim(l, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
	}
	last := labels[len(labels)-1]
	_, err := strconv.ParseUint(last, 0, 64)
	return err != nil && strings.Trim(last, "0123456789") != ""
}

// Registrable returns the domain under which host was registered with a public
// suffix ("news.bbc.co.uk" gives "bbc.co.uk"). An IP address, a public suffix
// and a single label are their own. Host is a name or address without a port.
func Registrable(host string) string {
	host = strings.Trim(host, "[]")
	if name, err := canonicalHost(host); err == nil {
		host = name
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return host
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return host
	}
	return domain
}

// SameSite reports whether the URLs a and b belong to one publisher by their
// address: the same registrable domain; on IP addresses and single labels, where
// each port may be somebody else's, the same host and port.
func SameSite(a, b string) bool {
	host := Host(a)
	return host != "" && host == Host(b)
}

// Host returns the key of politeness of the URL raw: all addresses with one key
// are visited one at a time. It is the registrable domain; for IP addresses and
// single labels such as localhost it is host:port, the port always written. It
// is empty when raw is no URL.
func Host(raw string) string {
	u, err := parse(raw)
	if err != nil {
		return ""
	}
	name := u.Hostname()
	_, err = netip.ParseAddr(name)
	if err != nil && strings.Contains(name, ".") {
		return Registrable(name)
	}
	if u.Port() != "" {
		return u.Host
	}
	if u.Scheme == "http" {
		return u.Host + ":80"
	}
	return u.Host + ":443"
}
