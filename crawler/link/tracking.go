package link

import "strings"

// The parameters that say where a reader came from, not what is to be read.
// Names are compared in lower case.
//
// A name ending in "*" stands for every name with that beginning. Parameters
// that mean something on some sites are listed with the values that mean a
// feed or newsletter only; "rss*" stands for every value with that beginning.
var (
	trackingPrefixes = []string{
		"utm_",       // Google Analytics and everybody after it
		"at_",        // AT Internet / Piano: BBC, France Télévisions
		"pk_",        // Piwik
		"mtm_",       // Matomo
		"hsa_",       // HubSpot ads
		"ns_",        // comScore: Daily Mail, BBC
		"guce_",      // Yahoo consent
		"fb_action_", // Facebook
	}
	trackingNames = set(
		// advertising clicks
		"gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "fbclid", "yclid", "ysclid", "twclid", "ttclid",
		"li_fat_id", "epik", "ef_id", "s_kwcid", "rb_clickid", "srsltid", "wickedid", "igshid", "igsh", "mibextid",
		"fb_source", "fb_ref", "__twitter_impression", "_branch_match_id",
		// analytics and newsletters
		"_ga", "_gl", "mc_cid", "mc_eid", "_hsenc", "_hsmi", "__hssc", "__hstc", "__hsfp", "hsctatracking", "mkt_tok",
		"vero_id", "vero_conv", "oly_anon_id", "oly_enc_id", "ml_subscriber", "ml_subscriber_hash", "guccounter",
		// publishers' own
		"xtor",              // Le Monde, Libération
		"wt_mc", "wt.mc_id", // German public broadcasters
		"ocid",          // BBC, MSN
		"ftag",          // CBS
		"smid", "smtyp", // New York Times
		"ncid",                 // AOL, HuffPost
		"taid",                 // Reuters
		"feedtype", "feedname", // Reuters
		"cmpid", "traffic_source", // Bloomberg, Al Jazeera
		"ito",        // Daily Mail
		"sr_share",   // SocialRank
		"sref",       // Bloomberg
		"wprss",      // Washington Post
		"__source",   // CNBC
		"intcmp",     // Guardian, Sky
		"src_trk",    // Vox
		"at-link-id", // BBC
	)
	// feedNames are dropped when their value names a feed.
	feedNames  = set("ref", "source", "src", "from", "via", "partner", "emc", "mod", "cid", "cmp", "output", "medium", "campaign", "rss")
	feedValues = []string{"rss", "feed", "newsletter", "atom"}
)

func set(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, n := range names {
		m[n] = true
	}
	return m
}

// IsTracking reports whether the query parameter name=value says only how a
// reader came to the page.
func IsTracking(name, value string) bool {
	name = strings.ToLower(name)
	for _, p := range trackingPrefixes {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return trackingNames[name] || feedNames[name] && namesFeed(value)
}

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
func withoutTracking(query string) string {
	var kept []string
	for p := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(p, "=")
		if p != "" && !IsTracking(name, value) {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "&")
}
