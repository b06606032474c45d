-- compatible
-- Projects are listed in the order they were made.
CREATE INDEX projects_by_age ON projects (created_at, project_id);
