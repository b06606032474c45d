import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { removeLeftCopies } from '../../storage/sqlite/backup/open-copy.ts'
import { examineDatabase } from '../../storage/sqlite/doctor/examine.ts'
import { temporaryFolder } from '../../testing/temporary-folder.ts'
import { startTestApp, type TestApp } from '../../testing/test-app.ts'

const copiesIn = (app: TestApp) => readdirSync(app.dataDir).filter((name) => name.startsWith('copy-'))

const begin = (app: TestApp, signal?: AbortSignal) =>
  fetch(`${app.url}/v1/backup`, {
    method: 'POST',
    headers: { authorization: `Bearer ${app.key}` },
    ...(signal && { signal }),
  })

test('a backup made among adds is a whole store of one moment, and holds what was done before', async () => {
  await using app = await startTestApp()
  using folder = temporaryFolder()
  await app.finished(await app.add('Mara keeps bees.'))
  let isDone = false
  const adding = (async () => {
    for (let count = 0; !isDone; count++) await app.add(`Mara counted ${count} swallows.`)
  })()
  const response = await begin(app)
  const bytes = Buffer.from(await response.arrayBuffer())
  isDone = true
  await adding
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/vnd.sqlite3')
  expect(bytes.length).toBe(Number(response.headers.get('content-length')))
  const file = join(folder.path, 'backup.db')
  writeFileSync(file, bytes)
  expect(examineDatabase(file).filter(({ wrongCount }) => wrongCount > 0)).toEqual([])
  await expect.poll(() => copiesIn(app)).toEqual([])
})

test('a second backup at the same time is refused, and a caller who goes away holds nothing up', async () => {
  await using app = await startTestApp()
  // More than the buffers between the two hold, so that the copy is still being read when its reader goes.
  await app.finished(
    await app.add(
      Array.from({ length: 1_000 }, (_, n) => `Mara wrote ${'a long letter '.repeat(60)}${n}.`).slice(0, 900),
    ),
  )
  const controller = new AbortController()
  const first = await begin(app, controller.signal)
  expect(first.status).toBe(200)
  const second = await begin(app)
  expect([second.status, await second.json()]).toMatchObject([409, { code: 'conflict' }])
  controller.abort()
  await expect.poll(async () => (await begin(app)).status).toBe(200)
})

test('copies that a killed process left are removed at the next start, and nothing else is', () => {
  using folder = temporaryFolder()
  for (const name of ['copy-0b6d4e7a-2f0c-4a6e-9a53-1d9c1a6c2b11.tmp', 'copy-of-mine.tmp', 'remanence.db'])
    writeFileSync(join(folder.path, name), '')
  removeLeftCopies(folder.path)
  expect(readdirSync(folder.path)).toEqual(['copy-of-mine.tmp', 'remanence.db'])
})
