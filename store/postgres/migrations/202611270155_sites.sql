-- What was learnt of a host, as its maker wrote it.
CREATE TABLE sites (
  host    text COLLATE "C" PRIMARY KEY,
  learned bytea,
  pending boolean NOT NULL
);
CREATE INDEX sites_pending ON sites (host) WHERE pending;
CREATE INDEX pages_had ON pages (host, article) WHERE article IS NOT NULL;
