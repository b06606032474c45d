-- compatible
-- A rule for conflicts looks at the delayed runs of a lane too.
CREATE INDEX runs_delayed_in_lane ON runs (project_id, lane_id) WHERE delayed_until IS NOT NULL;
-- Held lanes go on in the order of their turns.
DROP INDEX lanes_held;
CREATE INDEX lanes_held ON lanes (project_id, turn) WHERE state = 'held';
