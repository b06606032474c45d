import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { startTestApp } from '../../testing/test-app.ts'

test('the doctor of a running server finds nothing, and then what was spoilt behind its back', async () => {
  await using app = await startTestApp()
  await app.finished(await app.add('Mara keeps bees.'))
  const whole = await app.request<{ checks: object[] }>('GET', '/v1/doctor')
  expect(whole).toMatchObject({ status: 200, body: { healthy: true } })
  expect(whole.body.checks.length).toBeGreaterThan(10)
  const database = new DatabaseSync(join(app.dataDir, 'remanence.db'))
  database.exec('UPDATE partitions SET document_count = 7')
  database.close()
  const spoilt = await app.request<{ checks: { check: string; wrong_count: number }[] }>('GET', '/v1/doctor')
  expect(spoilt.body).toMatchObject({ healthy: false })
  const wrong = spoilt.body.checks.filter(({ wrong_count }) => wrong_count > 0)
  expect(wrong).toEqual([
    {
      check: 'partition_counts_its_documents',
      sentence: 'A partition of the index counts what it holds.',
      wrong_count: 1,
      examples: [expect.stringContaining('document_count 7, documents 1')],
    },
  ])
})
