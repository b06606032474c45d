-- breaking: it does not know that keys expire, and would let expired ones in: start the newer version, or restore the backup made before the upgrade.
-- A rotated key names its successor in `replaced_by`.
ALTER TABLE api_keys ADD COLUMN expires_at INTEGER;
ALTER TABLE api_keys ADD COLUMN replaced_by TEXT;

-- The keys that the server made itself belong to whoever runs it. Scopes are stored in the order they were given.
UPDATE api_keys SET scopes = json_insert(scopes, '$[#]', 'operator')
WHERE name IN ('first key', 'REMANENCE_API_KEY') AND scopes = '["read","write","admin"]'
  AND project_id = (SELECT project_id FROM projects WHERE name = 'default');
