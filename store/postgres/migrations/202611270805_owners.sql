-- Who holds the lease, so that it may have it back.
ALTER TABLE hosts ADD COLUMN owner text COLLATE "C";
