-- The WebSub subscriptions of feeds.
CREATE TABLE subscriptions (
  feed     text COLLATE "C" PRIMARY KEY REFERENCES feeds (id) ON DELETE CASCADE,
  hub      text NOT NULL,
  topic    text NOT NULL,
  secret   text NOT NULL,
  asked    bigint NOT NULL,
  expires  bigint NOT NULL,
  next     bigint NOT NULL,
  failures integer NOT NULL
);
CREATE INDEX subscriptions_next ON subscriptions (next);
