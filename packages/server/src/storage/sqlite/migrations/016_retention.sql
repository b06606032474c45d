-- breaking: it would give the numbers of removed events a second time: start the newer version, or restore the backup made before the upgrade.
-- What a project may have of its own in place of the server's limits: `retention` is JSON, `depth_max` bounds its queue.
ALTER TABLE projects ADD COLUMN retention TEXT;
ALTER TABLE project_queues ADD COLUMN depth_max INTEGER;

-- The greatest number among the events that are gone: numbers of a project go on after it, whatever removes events.
ALTER TABLE project_queues ADD COLUMN event_floor INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER event_floor_rises AFTER DELETE ON run_events BEGIN
  UPDATE project_queues SET event_floor = old.project_seq
  WHERE project_id = old.project_id AND event_floor < old.project_seq;
END;

DROP INDEX webhook_deliveries_by_age;
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (project_id, ended_at) WHERE ended_at IS NOT NULL;
