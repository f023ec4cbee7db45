package fetch

import (
	"bytes"
	"fmt"
	"net/http"
)

// success reports whether an answer with the status carries what was asked for.
func success(status int) bool {
	return status == http.StatusOK || status == http.StatusNonAuthoritativeInfo
}

// redirects reports whether the status sends elsewhere.
func redirects(status int) bool {
	return status/100 == 3 && (status <= 303 && status > 300 || permanent(status) || status == 307)
}

// permanent reports whether the status sends elsewhere for good.
func permanent(status int) bool {
	return status == http.StatusMovedPermanently || status == http.StatusPermanentRedirect
}

// judge says what is wrong with an answer whose status is neither a redirect
// nor, to a conditional request, 304.
func judge(a *answer) (ErrorKind, error) {
	if mark := wall(a); mark != "" {
		return Blocked, fmt.Errorf("a wall against bots (HTTP %d, %s): it cannot be fetched without the publisher's consent", a.status, mark)
	}
	if success(a.status) {
		return "", nil
	}
	kind, words := explain(a.status)
	return kind, fmt.Errorf("HTTP %d: %s", a.status, words)
}

// explain puts a status that is no success into words.
func explain(status int) (kind ErrorKind, words string) {
	switch status {
	case http.StatusUnauthorized:
		return Blocked, "a login is wanted; only what is open to everybody can be fetched"
	case http.StatusPaymentRequired:
		return Blocked, "payment is wanted; only what is open to everybody can be fetched"
	case http.StatusUnavailableForLegalReasons:
		return Blocked, "withheld for legal reasons; it cannot be fetched from here"
	case http.StatusTooManyRequests:
		return Blocked, "too many requests; ask this host less often"
	case http.StatusNotFound:
		return Status, "there is no such page; check the address"
	case http.StatusGone:
		return Status, "gone for good; the address can be removed"
	case http.StatusNotModified:
		return Status, "not modified, though nothing was asked on condition; try again later"
	}
	switch status / 100 {
	case 5:
		return Status, "the server has failed; try again later"
	case 4:
		return Status, "the server refuses; check that the address opens in a browser"
	default:
		return Status, "no page in the answer; check that the address opens in a browser"
	}
}

// wall returns the mark by which an answer is known to be a challenge to bots
// in place of what was asked for, "" if it is none.
func wall(a *answer) string {
	for _, name := range []string{"Cf-Mitigated", "X-Amzn-Waf-Action", "X-Datadome"} {
		if a.header.Get(name) != "" && (name != "X-Datadome" || a.status == http.StatusForbidden) {
			return name
		}
	}
	if a.status != http.StatusForbidden && a.status != http.StatusServiceUnavailable {
		return ""
	}
	return Challenge(a.body)
}

// Challenge returns the words by which a page is known to be a challenge to
// bots, in quotes, "" if there are none. Articles may hold such words as well:
// it is for what should be something else than a page, or for very short ones.
func Challenge(page []byte) string {
	body := bytes.ToLower(page)
	for _, mark := range []string{
		"just a moment", "captcha", "cf-chl", "challenge-platform", "checking your browser", "attention required",
		"_incapsula_resource", "px-captcha", "verify you are human", "are you a robot", "enable javascript and cookies",
	} {
		if bytes.Contains(body, []byte(mark)) {
			return fmt.Sprintf("%q", mark)
		}
	}
	return ""
}
