-- Times are milliseconds since 1970, UTC; 0 is "none" where NULL is not.
-- A "key" column holds the first 16 bytes of the SHA-256 of a URL key.

CREATE TABLE counters (
  name TEXT PRIMARY KEY,
  n    INTEGER NOT NULL
) WITHOUT ROWID;

-- A host is what is leased. token is 0 when nobody holds it; feed or page tell
-- for what. It is free for the next request at the time free, and rest is how
-- long it last had to rest. feed_due and page_due are the earliest of its work.
CREATE TABLE hosts (
  host       TEXT PRIMARY KEY,
  free       INTEGER NOT NULL DEFAULT 0,
  rest       INTEGER NOT NULL DEFAULT 0,
  token      INTEGER NOT NULL DEFAULT 0,
  feed       TEXT,
  page       INTEGER,
  feed_due   INTEGER,
  page_due   INTEGER,
  feed_ready INTEGER AS (max(feed_due, free)) VIRTUAL,
  page_ready INTEGER AS (max(page_due, free)) VIRTUAL
) WITHOUT ROWID;
CREATE INDEX hosts_feed ON hosts(feed_ready) WHERE feed_ready IS NOT NULL;
CREATE INDEX hosts_page ON hosts(page_ready) WHERE page_ready IS NOT NULL;
CREATE INDEX hosts_token ON hosts(token) WHERE token > 0;

CREATE TABLE feeds (
  id           TEXT PRIMARY KEY,
  url          TEXT NOT NULL,
  title        TEXT NOT NULL,
  title_given  INTEGER NOT NULL, -- by a person: the feed's own does not replace it
  site_url     TEXT NOT NULL,
  kind         TEXT NOT NULL,
  enabled      INTEGER NOT NULL,
  language     TEXT NOT NULL,
  country      TEXT NOT NULL,
  category     TEXT NOT NULL,
  health       TEXT NOT NULL DEFAULT '',
  last_error   TEXT NOT NULL DEFAULT '',
  last_status  INTEGER NOT NULL DEFAULT 0,
  last_poll    INTEGER NOT NULL DEFAULT 0,
  last_success INTEGER NOT NULL DEFAULT 0,
  failures     INTEGER NOT NULL DEFAULT 0,
  interval     INTEGER NOT NULL DEFAULT 0, -- nanoseconds
  articles     INTEGER NOT NULL DEFAULT 0,
  added_at     INTEGER NOT NULL,
  host         TEXT NOT NULL,
  due          INTEGER,
  state        TEXT NOT NULL DEFAULT '{}' -- JSON of store.FeedState
) WITHOUT ROWID;
CREATE INDEX feeds_host ON feeds(host, due) WHERE enabled = 1 AND due IS NOT NULL;
CREATE INDEX feeds_due ON feeds(due) WHERE enabled = 1 AND due IS NOT NULL;
CREATE INDEX feeds_health ON feeds(enabled, health);

CREATE TABLE pages (
  id         INTEGER PRIMARY KEY,
  page_key   TEXT NOT NULL,
  url        TEXT NOT NULL,
  host       TEXT NOT NULL,
  feed       TEXT NOT NULL,
  aliases    TEXT NOT NULL, -- JSON array
  item       BLOB,          -- zstd of JSON of store.Item
  hashes     TEXT NOT NULL, -- JSON object: feed to the hash it last gave
  state      TEXT NOT NULL,
  status     INTEGER NOT NULL DEFAULT 0,
  error      TEXT NOT NULL DEFAULT '',
  attempts   INTEGER NOT NULL DEFAULT 0,
  etag       TEXT NOT NULL DEFAULT '',
  modified   TEXT NOT NULL DEFAULT '',
  due        INTEGER,
  again      INTEGER NOT NULL DEFAULT 0, -- its item has changed while it was leased
  first_seen INTEGER NOT NULL,
  fetched_at INTEGER NOT NULL DEFAULT 0,
  article    TEXT
);
CREATE INDEX pages_host ON pages(host, due) WHERE due IS NOT NULL;
CREATE INDEX pages_due ON pages(due) WHERE due IS NOT NULL;
CREATE INDEX pages_undone ON pages(feed) WHERE state = 'pending';
CREATE INDEX pages_article ON pages(article) WHERE article IS NOT NULL;

CREATE TRIGGER pages_added AFTER INSERT ON pages BEGIN
  INSERT INTO counters VALUES ('page ' || new.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;
  INSERT INTO counters VALUES ('pages due', new.due IS NOT NULL) ON CONFLICT DO UPDATE SET n = n + excluded.n;
END;
CREATE TRIGGER pages_removed AFTER DELETE ON pages BEGIN
  UPDATE counters SET n = n - 1 WHERE name = 'page ' || old.state;
  UPDATE counters SET n = n - (old.due IS NOT NULL) WHERE name = 'pages due';
END;
CREATE TRIGGER pages_moved AFTER UPDATE OF state ON pages WHEN new.state <> old.state BEGIN
  UPDATE counters SET n = n - 1 WHERE name = 'page ' || old.state;
  INSERT INTO counters VALUES ('page ' || new.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER pages_scheduled AFTER UPDATE OF due ON pages WHEN (new.due IS NULL) <> (old.due IS NULL) BEGIN
  UPDATE counters SET n = n + (new.due IS NOT NULL) - (old.due IS NOT NULL) WHERE name = 'pages due';
END;

CREATE TABLE page_keys (
  key  BLOB PRIMARY KEY,
  page INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX page_keys_page ON page_keys(page);

-- Every id that was ever given. seq is set for an article, target for a
-- redirect; a row with neither is a tombstone.
CREATE TABLE identities (
  id        TEXT PRIMARY KEY,
  version   INTEGER NOT NULL,
  seq       INTEGER,
  target    TEXT,
  partition TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX identities_target ON identities(target) WHERE target IS NOT NULL;

CREATE TRIGGER identities_added AFTER INSERT ON identities BEGIN
  INSERT INTO counters VALUES ('articles', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER identities_ended AFTER UPDATE OF seq ON identities WHEN new.seq IS NULL AND old.seq IS NOT NULL BEGIN
  UPDATE counters SET n = n - 1 WHERE name = 'articles';
  INSERT INTO counters VALUES ('removed', new.target IS NULL) ON CONFLICT DO UPDATE SET n = n + excluded.n;
END;

-- Keys outlive their article: a redirect and a tombstone are found by them.
CREATE TABLE article_keys (
  key BLOB PRIMARY KEY,
  id  TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE articles (
  seq       INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: scans go by it
  source    TEXT NOT NULL,
  published INTEGER NOT NULL,
  meta      TEXT NOT NULL, -- JSON of news.Article without content
  content   BLOB NOT NULL  -- zstd
);
CREATE INDEX articles_source ON articles(source, published);

-- The newest revision's content stands in its article only, and blocks are kept
-- for the newest revision only.
CREATE TABLE revisions (
  article INTEGER NOT NULL,
  number  INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  meta    TEXT NOT NULL, -- JSON of news.Revision without content
  content BLOB,
  blocks  BLOB,
  PRIMARY KEY (article, number)
);
CREATE TRIGGER revisions_added AFTER INSERT ON revisions BEGIN
  INSERT INTO counters VALUES ('revisions', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER revisions_removed AFTER DELETE ON revisions BEGIN
  UPDATE counters SET n = n - 1 WHERE name = 'revisions';
END;

CREATE TABLE sources (
  id       TEXT PRIMARY KEY,
  name     TEXT NOT NULL,
  country  TEXT NOT NULL,
  language TEXT NOT NULL,
  articles INTEGER NOT NULL,
  latest   INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE entities (
  id      TEXT PRIMARY KEY,
  type    TEXT NOT NULL,
  name    TEXT NOT NULL,
  country TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE readers (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);

CREATE TABLE outbox (
  ord       INTEGER PRIMARY KEY,
  reader    INTEGER NOT NULL,
  article   TEXT NOT NULL,
  version   INTEGER NOT NULL,
  partition TEXT NOT NULL,
  deleted   INTEGER NOT NULL,
  since     INTEGER NOT NULL,
  leased    INTEGER NOT NULL DEFAULT 0, -- until then
  token     INTEGER NOT NULL DEFAULT 0,
  UNIQUE (reader, article)
);
CREATE INDEX outbox_reader ON outbox(reader);
