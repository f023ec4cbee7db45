package move

const (
	// manySmall and fewLarge are how many rows cross over together: some
	// megabytes, for an article packs to a few kilobytes.
	manySmall = 5_000
	fewLarge  = 500
)

func text(name string) Column  { return Column{Name: name, Kind: Text} }
func whole(name string) Column { return Column{Name: name, Kind: Integer} }
func truth(name string) Column { return Column{Name: name, Kind: Bool} }
func bytea(name string) Column { return Column{Name: name, Kind: Bytes} }

// null makes it a column that may be null.
func null(c Column) Column { c.Null = true; return c }

// Tables lists what a store holds, what others refer to first.
func Tables() []Table {
	return []Table{
		{"feeds", []Column{
			text("id"), text("url"), text("title"), truth("title_given"), text("site_url"), text("kind"), truth("enabled"), text("language"),
			text("country"), text("category"), text("health"), text("last_error"), whole("last_status"), whole("last_poll"), whole("last_success"),
			whole("failures"), whole("interval_ns"), whole("articles"), whole("added_at"), whole("edited_at"), text("host"), null(whole("due")), text("state"),
		}, 1, fewLarge},
		{"subscriptions", []Column{
			text("feed"), text("hub"), text("topic"), text("secret"), whole("asked"), whole("expires"), whole("next"), whole("failures"),
		}, 1, manySmall},
		{"hosts", []Column{
			text("host"), whole("free"), whole("rest"), whole("held"), whole("day"), whole("visits"), null(whole("feed_due")), null(whole("page_due")),
		}, 1, manySmall},
		{"sites", []Column{text("host"), null(bytea("learned")), truth("pending")}, 1, fewLarge},
		{"pages", []Column{
			whole("id"), text("page_key"), text("url"), text("host"), text("feed"), text("aliases"), null(bytea("item")), text("hashes"), text("state"),
			whole("status"), text("error"), whole("attempts"), bytea("etag"), bytea("modified"), null(whole("due")), truth("again"), whole("first_seen"),
			whole("fetched_at"), null(text("article")),
		}, 1, fewLarge},
		{"page_keys", []Column{bytea("key"), whole("page")}, 1, manySmall},
		identities(),
		{"article_keys", []Column{bytea("key"), text("id")}, 1, manySmall},
		{"articles", []Column{whole("seq"), text("source"), whole("published"), text("meta"), bytea("content")}, 1, fewLarge},
		{"revisions", []Column{
			whole("article"), whole("number"), whole("seen_at"), text("meta"), null(bytea("content")), null(bytea("blocks")),
		}, 2, fewLarge},
		{"sources", []Column{text("id"), text("name"), text("country"), text("language"), whole("articles"), whole("latest")}, 1, manySmall},
		{"entities", []Column{text("id"), text("type"), text("name"), text("country")}, 1, manySmall},
		{"decisions", []Column{whole("number"), text("kind"), text("entity"), text("target"), text("name"), text("decider"), whole("at")}, 1, manySmall},
		{"fingerprints", []Column{whole("seq"), text("article"), whole("hash"), bytea("bands")}, 1, manySmall},
		{"fingerprint_bands", []Column{whole("band"), whole("print")}, 2, manySmall},
		{"duplicates", []Column{text("article"), text("original")}, 1, manySmall},
		{"readers", []Column{text("reader")}, 1, manySmall},
		{"outbox", []Column{
			whole("ord"), text("reader"), text("article"), whole("version"), text("partition"), truth("deleted"), whole("since"),
		}, 1, manySmall},
	}
}

// identities is the table that holds every id that was ever given.
func identities() Table {
	return Table{"identities", []Column{text("id"), whole("version"), null(whole("seq")), null(text("target")), text("partition")}, 1, manySmall}
}
