-- Articles and their revisions lie in a table for each month in which articles
-- arrived. The number of an article says which: its upper bits are the month,
-- counted from the year 0. So every look-up by number finds its month, scans go
-- on by number, and the order of numbers remains that of commits. What was there
-- before, and what comes from elsewhere with smaller numbers, lies in a table of
-- its own; nothing is rewritten.
CREATE SEQUENCE arrivals;
SELECT setval('arrivals', last_value, is_called) FROM articles_seq_seq;
ALTER TABLE articles ALTER seq DROP IDENTITY;
ALTER TABLE articles RENAME TO articles_before;
ALTER TABLE articles_before RENAME CONSTRAINT articles_pkey TO articles_before_pkey;
ALTER INDEX articles_source RENAME TO articles_before_source;

DROP TRIGGER revisions_added ON revisions;
DROP TRIGGER revisions_removed ON revisions;
ALTER TABLE revisions RENAME TO revisions_before;
ALTER TABLE revisions_before RENAME CONSTRAINT revisions_pkey TO revisions_before_pkey;

CREATE TABLE articles (
  seq       bigint DEFAULT nextval('arrivals') PRIMARY KEY, -- given in the order of commits and never used twice
  source    text COLLATE "C" NOT NULL,
  published bigint NOT NULL,
  meta      text NOT NULL, -- JSON of news.Article without content
  content   bytea NOT NULL -- zstd
) PARTITION BY RANGE (seq);
ALTER TABLE articles ALTER content SET STORAGE EXTERNAL;
ALTER SEQUENCE arrivals OWNED BY articles.seq;
ALTER TABLE articles ATTACH PARTITION articles_before FOR VALUES FROM (MINVALUE) TO (4294967296);
CREATE INDEX articles_source ON articles (source, published);

CREATE TABLE revisions (
  article bigint NOT NULL,
  number  bigint NOT NULL,
  seen_at bigint NOT NULL,
  meta    text NOT NULL, -- JSON of news.Revision without content
  content bytea,
  blocks  bytea,
  PRIMARY KEY (article, number)
) PARTITION BY RANGE (article);
ALTER TABLE revisions ALTER content SET STORAGE EXTERNAL;
ALTER TABLE revisions ALTER blocks SET STORAGE EXTERNAL;
ALTER TABLE revisions ATTACH PARTITION revisions_before FOR VALUES FROM (MINVALUE) TO (4294967296);
CREATE TRIGGER revisions_added AFTER INSERT ON revisions REFERENCING NEW TABLE AS moved
  FOR EACH STATEMENT EXECUTE FUNCTION count_revisions();
CREATE TRIGGER revisions_removed AFTER DELETE ON revisions REFERENCING OLD TABLE AS moved
  FOR EACH STATEMENT EXECUTE FUNCTION count_revisions();
