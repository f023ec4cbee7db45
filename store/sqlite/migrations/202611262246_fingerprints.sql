-- hash is a fingerprint's 64 bits as a signed number. A band is its place (high
-- 32 bits) and its value.
CREATE TABLE fingerprints (
  seq     INTEGER PRIMARY KEY,
  article TEXT NOT NULL UNIQUE,
  hash    INTEGER NOT NULL,
  bands   BLOB NOT NULL -- of 4 bytes each, big-endian
);
CREATE TABLE fingerprint_bands (
  band  INTEGER NOT NULL,
  print INTEGER NOT NULL,
  PRIMARY KEY (band, print)
) WITHOUT ROWID;

CREATE TABLE duplicates (
  article TEXT PRIMARY KEY,
  of      TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX duplicates_of ON duplicates(of);
