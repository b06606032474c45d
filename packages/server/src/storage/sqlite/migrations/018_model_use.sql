-- compatible
-- What models took for a step, in JSON; NULL where none was asked.
ALTER TABLE run_steps ADD COLUMN use TEXT;
