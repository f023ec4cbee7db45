package link

import (
	"net/url"
	"strings"
)

// homePaths are the paths of a home page besides "/" and a bare language.
var homePaths = set("index", "index.html", "index.htm", "index.php", "index.shtml", "default.aspx", "home", "home.html")

// IsHome reports whether the URL raw names the home page of its host or of a
// language edition of it ("/", "/index.html", "/en", "/pt-br/"), parameters
// of tracking aside.
func IsHome(raw string) bool {
	key, err := Key(raw)
	if err != nil {
		return false
	}
	u, err := url.Parse(key)
	if err != nil || u.RawQuery != "" {
		return false
	}
	path := strings.ToLower(strings.Trim(u.Path, "/"))
	return path == "" || homePaths[path] || isLanguage(path)
}

// isLanguage reports whether s looks like "en" or "pt-br".
func isLanguage(s string) bool {
	s = strings.ReplaceAll(s, "_", "-")
	if len(s) != 2 && (len(s) != 5 || s[2] != '-') {
		return false
	}
	return strings.Trim(strings.Replace(s, "-", "", 1), "abcdefghijklmnopqrstuvwxyz") == ""
}

// Article returns the address of the article that raw, an AMP page or a copy
// in an AMP cache, stands for, and whether raw is such a page. It goes by the
// form of the address alone; what the page calls its canonical link is better.
func Article(raw string) (string, bool) {
	u, err := parse(raw)
	if err != nil {
		return raw, false
	}
	if inner, ok := ampCached(u); ok {
		article, _ := Article(inner)
		return article, true
	}
	path, query := ampPath(u.EscapedPath()), ampQuery(u.RawQuery)
	if path == u.EscapedPath() && query == u.RawQuery {
		return raw, false
	}
	setPath(u, path)
	u.RawQuery = query
	return u.String(), true
}

// ampCached unwraps https://www.google.com/amp/s/HOST/PATH and
// https://HOST.cdn.ampproject.org/c/s/HOST/PATH.
func ampCached(u *url.URL) (string, bool) {
	host, path := u.Hostname(), u.EscapedPath()
	var rest string
	var ok bool
	switch {
	case strings.HasPrefix(host, "www.google."):
		rest, ok = strings.CutPrefix(path, "/amp/")
	case strings.HasSuffix(host, ".cdn.ampproject.org"):
		for _, p := range []string{"/c/", "/v/"} {
			if rest, ok = strings.CutPrefix(path, p); ok {
				break
			}
		}
	}
	if !ok || rest == "" {
		return "", false
	}
	scheme := "http://"
	if r, secure := strings.CutPrefix(rest, "s/"); secure {
		scheme, rest = "https://", r
	}
	inner, err := Clean(scheme + rest)
	return inner, err == nil
}

// ampPath drops a trailing "/amp", keeping the slash behind it, and ".amp"
// before ".html" or the end.
func ampPath(path string) string {
	slash := strings.HasSuffix(path, "/")
	bare := strings.TrimSuffix(path, "/")
	switch {
	case len(bare) > len("/amp") && strings.HasSuffix(bare, "/amp"):
		bare = strings.TrimSuffix(bare, "/amp")
	case strings.HasSuffix(bare, ".amp.html"):
		return strings.TrimSuffix(bare, ".amp.html") + ".html"
	case strings.HasSuffix(bare, ".amp"):
		return strings.TrimSuffix(bare, ".amp")
	}
	if slash {
		bare += "/"
	}
	return bare
}

// ampQuery drops amp, amp=1 and outputType=amp.
func ampQuery(query string) string {
	var kept []string
	for p := range strings.SplitSeq(query, "&") {
		switch strings.ToLower(p) {
		case "amp", "amp=", "amp=1", "amp=true", "outputtype=amp":
		default:
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "&")
}
