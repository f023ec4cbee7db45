-- The last transaction that each connection has committed, by which to tell what
-- became of one whose commit was not answered. A number of the server's does not
-- tell it: after a crash one that was lost is given to another transaction.
CREATE TABLE commits (
  connection text COLLATE "C" PRIMARY KEY,
  serial     bigint NOT NULL,
  at         bigint NOT NULL
) WITH (fillfactor = 50);
