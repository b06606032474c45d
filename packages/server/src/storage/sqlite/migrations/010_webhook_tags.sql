-- compatible
-- A JSON array; an endpoint with tags is told only of runs that have one of them.
ALTER TABLE webhooks ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
