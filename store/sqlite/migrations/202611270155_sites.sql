-- What was learnt of a host, as its maker wrote it.
CREATE TABLE sites (
  host    TEXT PRIMARY KEY,
  learned BLOB,
  pending INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sites_pending ON sites(host) WHERE pending = 1;
CREATE INDEX pages_had ON pages(host, article) WHERE article IS NOT NULL;
