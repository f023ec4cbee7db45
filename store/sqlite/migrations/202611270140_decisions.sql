-- What people have decided about entities, in order. Nothing is ever deleted.
CREATE TABLE decisions (
  number INTEGER PRIMARY KEY,
  kind   TEXT NOT NULL,
  entity TEXT NOT NULL,
  target TEXT NOT NULL,
  name   TEXT NOT NULL,
  decider TEXT NOT NULL,
  at     INTEGER NOT NULL
);
