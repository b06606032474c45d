/**
 * Runs that wait for each other, on a server that is killed: when one has joined, while all go on, in the middle of commits, and at
 * random. Whatever was acknowledged ends, is remembered once, and stands in its digest once.
 */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { examineDatabase } from '../../storage/sqlite/doctor/examine.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { type ServerProcess, startServer } from './server-process.ts'

const apiKey = 'rem_key_of_the_buffers_test'
const scoping = { user_scoped: true, scope_properties: ['book'] }
const topic = (topic_name: string, is_bounded: boolean) => ({
  topic_name,
  description: '',
  is_bounded,
  scoping,
})
const group = {
  topics: [topic('Facts', false), topic('Digest', true)],
  pipeline: {
    steps: [
      { name: 'extract', type: 'extract' },
      { name: 'place', type: 'transform', topics: ['Facts'] },
      { name: 'commit', type: 'commit' },
      { name: 'gather', type: 'buffer', trigger: { count: 3, idle_seconds: 0.3 } },
      { name: 'aggregate', type: 'transform', topics: ['Digest'] },
      { name: 'commit digest', type: 'commit' },
    ],
  },
}

/** Where the server dies in each of its lives; one without a fail point is killed after some time. */
const deaths: readonly (string | number)[] = [
  'in_buffer:2',
  'mid_flush:1',
  'before_commit:2',
  'mid_flush:2',
  250,
  'in_buffer:5',
  'after_commit:4',
  'before_commit:6',
  400,
]
/** So few that a digest holds all of its book. */
const ADDS_OF_A_BOOK = 7
const users = ['mara', 'jo']
const WAIT_MS_MAX = 60_000

let running: ServerProcess | undefined
afterEach(async () => {
  running?.kill('SIGKILL')
  await running?.ended
})

test('killed at every moment of a buffer, it loses nothing, and does nothing twice', async () => {
  using folder = temporaryFolder()
  const dataDir = join(folder.path, 'data')
  const acknowledged = new Map<string, string>()
  let count = 0
  let url: string | null = null

  const start = async (failPoint?: string): Promise<ServerProcess> => {
    const server = startServer({ dataDir, apiKey, ...(failPoint !== undefined && { failPoint }) })
    running = server
    url = await server.listening
    return server
  }
  const request = async (method: string, path: string, body?: object): Promise<Record<string, unknown>> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return (await response.json()) as Record<string, unknown> // safety: an object, and only looked at
  }
  const add = async (): Promise<void> => {
    const number = count++
    const token = `qx${number}z`
    const answer = await request('POST', '/v1/memories', {
      group: 'digests',
      user_id: users[number % users.length],
      properties: { book: `book-${Math.floor(number / (users.length * ADDS_OF_A_BOOK))}` },
      input: { string: { content: [`Mara keeps the parcel ${token} in a drawer.`] } },
    })
    if (typeof answer.run_id === 'string') acknowledged.set(answer.run_id, token)
  }

  let server = await start()
  await request('PUT', '/v1/groups/digests', group)
  server.kill('SIGKILL')
  await server.ended
  for (const death of deaths) {
    server = await start(typeof death === 'string' ? death : undefined)
    let isDead = false
    const ended = server.ended.then(() => {
      isDead = true
    })
    const timer = typeof death === 'number' ? sleep(death).then(() => server.kill('SIGKILL')) : null
    while (!isDead) {
      await add().catch(() => {})
      await sleep(5)
    }
    await Promise.all([ended, timer])
  }
  server = await start()
  for (let waitedMs = 0; ; waitedMs += 100) {
    const pages = await Promise.all(
      ['queued', 'running', 'buffered'].map((state) => request('GET', `/v1/runs?limit=1&state=${state}`)),
    )
    if (pages.every(({ runs }) => Array.isArray(runs) && runs.length === 0)) break
    if (waitedMs > WAIT_MS_MAX) throw new Error(`not drained: ${JSON.stringify(pages)}`)
    await sleep(100)
  }
  server.kill('SIGTERM')
  await server.ended

  const file = join(dataDir, 'remanence.db')
  expect(examineDatabase(file).filter(({ wrongCount }) => wrongCount > 0)).toEqual([])
  using database = new DatabaseSync(file, { readOnly: true })
  const states = new Map(
    database
      .prepare('SELECT run_id, state FROM runs')
      .all()
      .map((row) => [row.run_id, row.state]),
  )
  const contents = database
    .prepare('SELECT s.topic, m.content FROM memories m JOIN scopes s ON s.scope_no = m.scope_no')
    .all()
  const timesIn = (name: string, token: string) =>
    contents.filter((row) => row.topic === name && String(row.content).includes(`${token} `)).length
  const wrong = [...acknowledged]
    .map(([runId, token]) => [states.get(runId), timesIn('Facts', token), timesIn('Digest', token), token])
    .filter(([state, facts, digests]) => state !== 'completed' || facts !== 1 || digests !== 1)
  expect(wrong).toEqual([])
  expect(acknowledged.size).toBeGreaterThan(deaths.length)
  // What nobody was told of may be there as well, but not twice.
  for (let number = 0; number < count; number++)
    expect(timesIn('Digest', `qx${number}z`)).toBeLessThanOrEqual(1)
}, 120_000)
