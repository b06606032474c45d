-- breaking: go back with a copy of the database from before the upgrade
-- Every change of a group is a version of it, and a run is worked off by the version it was accepted with. `topics` are those of the
-- current version, where other tables meet them.
ALTER TABLE groups ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TABLE group_versions (
  project_id TEXT NOT NULL,
  group_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  topics TEXT NOT NULL,
  pipeline TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, group_id, version),
  FOREIGN KEY (project_id, group_id) REFERENCES groups
) STRICT, WITHOUT ROWID;
INSERT INTO group_versions (project_id, group_id, version, topics, pipeline, created_at)
SELECT g.project_id, g.group_id, 1,
  (SELECT json_group_array(
     json_object('name', t.name, 'description', t.description, 'isBounded', json(iif(t.is_bounded, 'true', 'false')),
       'scoping', json_object('userScoped', json(iif(t.user_scoped, 'true', 'false')), 'scopeProperties', json(t.scope_properties)))
     ORDER BY t.position)
   FROM topics t WHERE t.project_id = g.project_id AND t.group_id = g.group_id),
  '{"steps":[{"name":"extract","type":"extract","next":"transform","inputs":null},{"name":"transform","type":"transform","next":"commit","topics":null},{"name":"commit","type":"commit","next":null}]}',
  g.created_at
FROM groups g;
ALTER TABLE runs ADD COLUMN group_version INTEGER NOT NULL DEFAULT 1;
