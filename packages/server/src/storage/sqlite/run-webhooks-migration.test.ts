/** An upgrade from before runs had endpoints: those of the project go on being told of all runs. */
import { expect, test } from 'vitest'
import { temporaryConnection } from '../../testing/sqlite-connection.ts'
import { migrate, shippedMigrations } from './migrate.ts'
import { listening, listWebhooks, webhookOfRun } from './webhooks.ts'

test('an endpoint that was there is one of the project', () => {
  using db = temporaryConnection('empty')
  migrate(
    db,
    shippedMigrations().filter(({ version }) => version < 24),
    {},
  )
  db.exec(`
    INSERT INTO projects (project_id, name, created_at) VALUES ('p', 'default', 0);
    INSERT INTO webhooks (project_id, webhook_id, url, description, events, secret, created_at, updated_at)
    VALUES ('p', 'w', 'https://a.example/', '', '["*"]', 'whsec_one', 0, 0);`)
  migrate(db, shippedMigrations(), {})
  const webhook = { webhookId: 'w', runId: null, events: ['*'], secret: 'whsec_one' }
  expect(listWebhooks(db, 'p')).toMatchObject([webhook])
  expect(listening(db, { projectId: 'p', runId: 'r', type: 'run.completed' })).toMatchObject([webhook])
  expect(webhookOfRun(db, 'p', 'r')).toBeNull()
})
