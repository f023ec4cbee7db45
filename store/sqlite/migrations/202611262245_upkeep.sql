-- Pages committed of a host on one day (days since 1970, UTC).
CREATE TABLE host_days (
  host  TEXT PRIMARY KEY,
  day   INTEGER NOT NULL,
  pages INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TRIGGER pages_visited AFTER UPDATE OF fetched_at ON pages BEGIN
  INSERT INTO host_days VALUES (new.host, new.fetched_at / 86400000, 1)
  ON CONFLICT DO UPDATE SET pages = CASE WHEN day = excluded.day THEN pages + 1 ELSE 1 END, day = excluded.day;
END;

-- Feeds whose articles were revised, and when that was last seen.
CREATE TABLE feed_edits (
  feed TEXT PRIMARY KEY,
  seen INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TRIGGER feeds_removed AFTER DELETE ON feeds BEGIN
  DELETE FROM feed_edits WHERE feed = old.id;
END;

-- A paused host is free only when its pause is over, whatever its commits say.
-- The empty host stands for all.
CREATE TABLE pauses (
  host  TEXT PRIMARY KEY,
  until INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TRIGGER hosts_held AFTER UPDATE OF free ON hosts
WHEN new.free < (SELECT until FROM pauses WHERE host = new.host) BEGIN
  UPDATE hosts SET free = (SELECT until FROM pauses WHERE host = new.host) WHERE host = new.host;
END;
