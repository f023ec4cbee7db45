-- A past month whose articles are all too old is taken down in steps, its rows
-- left where they are: those up to the number upto are nobody's any more, and go
-- when the month's tables are dropped.
CREATE TABLE leaving (
  month bigint PRIMARY KEY,
  upto  bigint NOT NULL
);
CREATE INDEX articles_published ON articles (published);

-- When jobs that one process does for all were last done.
CREATE TABLE jobs (
  name text COLLATE "C" PRIMARY KEY,
  done bigint NOT NULL
);
