-- The WebSub subscriptions of feeds.
CREATE TABLE subscriptions (
  feed     TEXT PRIMARY KEY,
  hub      TEXT NOT NULL,
  topic    TEXT NOT NULL,
  secret   TEXT NOT NULL,
  asked    INTEGER NOT NULL,
  expires  INTEGER NOT NULL,
  next     INTEGER NOT NULL,
  failures INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX subscriptions_next ON subscriptions(next);
CREATE TRIGGER feeds_unsubscribed AFTER DELETE ON feeds BEGIN
  DELETE FROM subscriptions WHERE feed = old.id;
END;
