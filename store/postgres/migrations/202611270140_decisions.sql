-- What people have decided about entities, in order. Nothing is ever deleted.
CREATE TABLE decisions (
  number  bigint PRIMARY KEY,
  kind    text NOT NULL,
  entity  text COLLATE "C" NOT NULL,
  target  text COLLATE "C" NOT NULL,
  name    text NOT NULL,
  decider text NOT NULL,
  at      bigint NOT NULL
);
