/** Erased means gone: every row of every table and every byte of the database's files is looked through for what was said. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import {
  impersonalTables,
  memoryTables,
  otherErasedTables,
  runTables,
} from '../storage/sqlite/erasure/tables.ts'
import { type RunBody, startTestApp, type TestApp } from '../testing/test-app.ts'

/** Where in the store any of the words stands: `table.column`, or the file. */
const tracesOf = (app: TestApp, words: readonly string[]): readonly string[] => {
  const database = new DatabaseSync(join(app.dataDir, 'remanence.db'), { readOnly: true })
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  const rows = tables.flatMap(({ name }) =>
    database
      .prepare(`SELECT * FROM "${name}"`)
      .all()
      .flatMap((row) =>
        Object.entries(row)
          .filter(([, value]) => holds(String(value), words))
          .map(([column]) => `${name}.${column}`),
      ),
  )
  database.close()
  const files = readdirSync(app.dataDir).filter((name) => name.startsWith('remanence.db'))
  const inFiles = files.filter((name) => holds(readFileSync(join(app.dataDir, name), 'latin1'), words))
  return [...new Set([...rows, ...inFiles])]
}

const holds = (text: string, words: readonly string[]): boolean =>
  words.some((word) => text.toLowerCase().includes(word))

const healthy = async (app: TestApp) => {
  const { body } = await app.request<{ checks: { wrong_count: number }[] }>('GET', '/v1/doctor')
  expect(body.checks.filter(({ wrong_count }) => wrong_count > 0)).toEqual([])
}

const erase = async (app: TestApp, userId: string): Promise<RunBody> => {
  const answer = await app.request<RunBody>('DELETE', `/v1/users/${encodeURIComponent(userId)}`)
  expect(answer).toMatchObject({ status: 202, body: { input_type: 'erase' } })
  return app.finished(answer.body.run_id)
}

/** Words that nobody else says. What is made of them are stems, which begin alike. */
const secrets = ['xylophon', 'quokka', 'zanzibar', 'mnemosyn']

/** A user with all that a store can hold of one: memories, history, failures, open and delayed runs, tags, keys. */
const live = async (app: TestApp, user_id: string) => {
  const options = (key: string) => ({ headers: { 'idempotency-key': `${key} of zanzibar` } })
  const conversation = {
    conversation: {
      messages: [
        { role: 'assistant', content: 'Do you play the xylophone?', name: 'Quokka the helper' },
        {
          role: 'user',
          content: 'Yes, I practise the xylophone in Zanzibar every Monday.',
          name: 'Mnemosyne',
          id: 'quokka-1',
        },
      ],
    },
  }
  await app.finished(
    await app.add(
      conversation,
      { user_id, tags: ['quokka'], metadata: { about: 'zanzibar' } },
      options('one'),
    ),
  )
  await app.finished(await app.add('Mnemosyne keeps a quokka.', { user_id }))
  const [memory] = await app.list({ user_id })
  await app.request('DELETE', `/v1/memories/${memory?.id}?user_id=${user_id}`)
  await app.add('In a year the quokka will sing.', { user_id, delay: 30_000_000 }, options('delayed'))
}

test('a user is erased from every table and from the bytes of the files, and others are not', async () => {
  await using app = await startTestApp()
  await app.finished(await app.add('Jon keeps a badger.', { user_id: 'jon' }))
  await live(app, 'Mnemosyne')
  expect(tracesOf(app, secrets).length).toBeGreaterThan(10)
  const others = JSON.stringify(await app.list({ user_id: 'jon' }))

  const run = await erase(app, 'MNEMOSYNE')
  expect(run).toMatchObject({
    state: 'completed',
    outcome: 'done',
    result: { left: 0, scrubbed: true, erased: { runs: 4, users: 1 } },
  })
  expect(run.user_id).toBeUndefined()
  expect(tracesOf(app, secrets)).toEqual([])
  expect(JSON.stringify(await app.list({ user_id: 'jon' }))).toBe(others)
  expect((await app.request('GET', '/v1/users/mnemosyne')).status).toBe(404)
  expect((await app.request('DELETE', '/v1/users/mnemosyne')).status).toBe(404)
  await healthy(app)
})

test('every table of the store is either erased from or tells nothing of anybody', async () => {
  await using app = await startTestApp()
  const database = new DatabaseSync(join(app.dataDir, 'remanence.db'), { readOnly: true })
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all()
    .map(({ name }) => String(name))
  database.close()
  const known = [...runTables, ...memoryTables, ...otherErasedTables, ...impersonalTables]
  expect(tables.sort()).toEqual([...new Set<string>(known)].sort())
})

test('much that was written, changed and deleted again leaves no byte behind', async () => {
  await using app = await startTestApp()
  for (let round = 0; round < 6; round++) {
    const texts = Array.from(
      { length: 120 },
      (_, n) => `The quokka ${round} of Zanzibar number ${n} plays ${'xylophone '.repeat(n % 40)}well.`,
    )
    await app.finished(await app.add(texts, { user_id: 'mnemosyne' }))
    const noise = Array.from({ length: 60 }, (_, n) => `Jon counted ${n} badgers on day ${round}.`)
    await app.finished(await app.add(noise, { user_id: 'jon' }))
  }
  const run = await erase(app, 'mnemosyne')
  expect(run.result).toMatchObject({ left: 0, scrubbed: true, erased: { memories: 720, runs: 6 } })
  expect(tracesOf(app, secrets)).toEqual([])
  expect(await app.list({ user_id: 'jon' })).toHaveLength(100)
  await healthy(app)
}, 60_000)

test('what is said after the erasure was accepted stays, whatever was under way', async () => {
  await using app = await startTestApp()
  await app.finished(await app.add('Mara keeps a quokka.'))
  const open = await Promise.all(Array.from({ length: 20 }, (_, n) => app.add(`Mara bought xylophone ${n}.`)))
  const { body, status } = await app.request<RunBody>('DELETE', '/v1/users/mara')
  const later = await app.add('Mara keeps bees.')
  expect(status).toBe(202)
  expect(await app.list()).toEqual([])
  expect(await app.finished(later)).toMatchObject({ state: 'completed', counts: { created: 1 } })
  expect(await app.finished(body.run_id)).toMatchObject({ state: 'completed', result: { left: 0 } })
  expect((await app.list()).map(({ content }) => content)).toEqual(['Mara keeps bees.'])
  for (const runId of open) expect((await app.request('GET', `/v1/runs/${runId}`)).status).toBe(404)
  expect(tracesOf(app, ['quokka', 'xylophon'])).toEqual([])
  expect((await app.request('GET', '/v1/users/mara')).body).toMatchObject({ run_count: 1, memory_count: 1 })
  await healthy(app)
})

test('memories of everybody stay, and forget who said them', async () => {
  await using app = await startTestApp()
  const topics = [
    {
      topic_name: 'News',
      description: 'News of the town.',
      is_bounded: false,
      scoping: { user_scoped: false, scope_properties: [] },
    },
  ]
  await app.request('PUT', '/v1/groups/town', { topics })
  const say = async (user_id: string, content: string) =>
    app.finished(
      await app.add({ pre_extracted: { items: [{ content, topic: 'News' }] } }, { user_id, group: 'town' }),
    )
  const first = await say('mnemosyne', 'The bridge is open.')
  const second = await say('jon', 'The bridge is open.')
  await erase(app, 'mnemosyne')
  const [memory, ...more] = await app.list({ group: 'town', user_id: undefined })
  expect(more).toEqual([])
  expect(memory).toMatchObject({ content: 'The bridge is open.', sources: [{ run_id: second.run_id }] })
  expect(tracesOf(app, ['mnemosyne'])).toEqual([])
  expect(tracesOf(app, [first.run_id ?? ''])).toEqual(['memory_versions.run_id', 'remanence.db'])
  await healthy(app)
})

test('an erasure cannot be cancelled, and one of a stranger or of nobody finds nobody', async () => {
  await using app = await startTestApp()
  await app.finished(await app.add('Mara keeps a quokka.'))
  await app.request('POST', '/v1/processing/pause', {})
  const { body } = await app.request<RunBody>('DELETE', '/v1/users/mara')
  expect((await app.request<RunBody>('POST', `/v1/runs/${body.run_id}/cancel`, {})).status).toBe(200)
  await app.request('POST', '/v1/processing/resume', {})
  expect(await app.finished(body.run_id)).toMatchObject({ state: 'completed' })
  expect(tracesOf(app, ['quokka'])).toEqual([])
  expect((await app.request('DELETE', '/v1/users/jon')).body).toMatchObject({ code: 'not_found' })
})

/** A group whose pipeline gathers runs before it commits. */
const gathering = (count: number) => ({
  topics: [
    {
      topic_name: 'UserKnowledge',
      description: 'What is known of the user.',
      is_bounded: false,
      scoping: { user_scoped: true, scope_properties: [] },
    },
  ],
  pipeline: {
    steps: [
      { name: 'extract', type: 'extract' },
      { name: 'gather', type: 'buffer', trigger: { count } },
      { name: 'transform', type: 'transform' },
      { name: 'commit', type: 'commit' },
    ],
  },
})

test('runs that wait in a buffer go with their user, and the buffer with them', async () => {
  await using app = await startTestApp()
  expect(await app.request('PUT', '/v1/groups/slow', gathering(5))).toMatchObject({ status: 200 })
  const buffered = async (text: string, user_id: string) => {
    const runId = await app.add(text, { user_id, group: 'slow' })
    await expect
      .poll(async () => (await app.request<RunBody>('GET', `/v1/runs/${runId}`)).body.state)
      .toBe('buffered')
    return runId
  }
  for (let n = 0; n < 3; n++) await buffered(`Mnemosyne bought xylophone ${n}.`, 'mnemosyne')
  const kept = await buffered('Jon keeps a badger.', 'jon')
  const run = await erase(app, 'mnemosyne')
  expect(run).toMatchObject({ state: 'completed', result: { left: 0, scrubbed: true, erased: { runs: 3 } } })
  expect(tracesOf(app, secrets)).toEqual([])
  expect((await app.request('GET', `/v1/runs/${kept}`)).body).toMatchObject({ state: 'buffered' })
  await healthy(app)
})
