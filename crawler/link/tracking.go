package link

import (
	"slices"
	"strings"
)

// The parameters that say where a reader came from, not what is to be read.
// Names are compared in lower case. A name that could mean something elsewhere
// is listed for the sites that use it so, since a parameter dropped wrongly
// makes two articles one.
var (
	trackingPrefixes = []string{
		"utm_",       // Google Analytics and everybody after it
		"at_",        // Piano (AT Internet): BBC, France Télévisions
		"mtm_",       // Matomo
		"hsa_",       // HubSpot ads
		"ns_",        // comScore
		"guce_",      // Yahoo's consent page
		"fb_action_", // Facebook
	}
	trackingNames = set(
		// clicks on advertisements and shared links
		"gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "fbclid", "yclid", "ysclid", "twclid", "ttclid",
		"li_fat_id", "epik", "ef_id", "s_kwcid", "rb_clickid", "srsltid", "wickedid", "igshid", "igsh", "mibextid",
		"fb_source", "fb_ref", "__twitter_impression", "_branch_match_id",
		// analytics and newsletters
		"_ga", "_gl", "mc_cid", "mc_eid", "_hsenc", "_hsmi", "__hssc", "__hstc", "__hsfp", "hsctatracking", "mkt_tok",
		"vero_id", "vero_conv", "oly_anon_id", "oly_enc_id", "ml_subscriber_hash", "guccounter", "traffic_source",
		"pk_campaign", "pk_cid", "pk_content", "pk_keyword", "pk_kwd", "pk_medium", "pk_source",
		"wt_mc", "wt.mc_id", "xtor", "cmpid", "feedtype", "feedname",
	)
	siteNames = map[string][]string{
		"aol.com":            {"ncid"},
		"bbc.co.uk":          {"ocid"},
		"bbc.com":            {"ocid"},
		"bloomberg.com":      {"sref"},
		"cbsnews.com":        {"ftag"},
		"cnbc.com":           {"__source"},
		"cnet.com":           {"ftag"},
		"dailymail.co.uk":    {"ito"},
		"huffpost.com":       {"ncid"},
		"msn.com":            {"ocid"},
		"nytimes.com":        {"emc", "partner", "smid", "smtyp"},
		"reuters.com":        {"taid"},
		"theguardian.com":    {"cmp", "intcmp"},
		"washingtonpost.com": {"wprss"},
		"zdnet.com":          {"ftag"},
	}
	// feedNames are dropped when their value begins with one of feedValues.
	feedNames  = set("ref", "source", "src", "from", "via", "partner", "emc", "mod", "cid", "cmp", "output", "medium", "campaign")
	feedValues = []string{"rss", "feed", "newsletter", "atom"}
)

func set(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, n := range names {
		m[n] = true
	}
	return m
}

// IsTracking reports whether the query parameter name=value of a page at the
// registrable domain site says only how a reader came to the page.
func IsTracking(site, name, value string) bool {
	name = strings.ToLower(name)
	for _, p := range trackingPrefixes {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return trackingNames[name] || slices.Contains(siteNames[site], name) || feedNames[name] && namesFeed(value)
}

// namesFeed reports whether value is "rss", "rss-2", "newsletter_x" or the like.
func namesFeed(value string) bool {
	value = strings.ToLower(value)
	for _, v := range feedValues {
		if rest, ok := strings.CutPrefix(value, v); ok && (rest == "" || strings.ContainsAny(rest[:1], "-_.0123456789")) {
			return true
		}
	}
	return false
}

// withoutTracking drops tracking and empty parameters from an escaped query.
func withoutTracking(site, query string) string {
	var kept []string
	for p := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(p, "=")
		if p != "" && !IsTracking(site, name, value) {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "&")
}
