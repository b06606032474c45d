/**
 * Long documents on a server that is killed while it works on them, at steps, at commits, and at random. Whatever was acknowledged is
 * worked off to its end, every statement is remembered once, and nothing of what one that takes the place of another brings is lost.
 */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { DOCUMENT_PART_LENGTH_MAX } from '../../kernel/limits.ts'
import { examineDatabase } from '../../storage/sqlite/doctor/examine.ts'
import { createSynapClient, type SynapClient } from '../../wires/synap/testing/synap-client.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { type ServerProcess, startServer } from './server-process.ts'

const apiKey = 'rem_key_of_the_documents_test'
/** Three portions. */
const PARTS = 10

/** Where the server dies in each of its lives; one without a fail point is killed after some time. */
const deaths: readonly (string | number)[] = [
  'after_step:1',
  'after_step:2',
  'before_commit:1',
  'after_commit:1',
  'mid_step:3',
  'after_commit:2',
  60,
  'before_commit:2',
  'after_step:4',
  150,
  'after_accept:2',
]

let running: ServerProcess | undefined
afterEach(async () => {
  running?.kill('SIGKILL')
  await running?.ended
})

const tokensOf = (document: string): readonly string[] =>
  Array.from({ length: PARTS }, (_, part) => `q${document}x${part}z`)

/** Each part of it says one thing. */
const textOf = (document: string): string =>
  tokensOf(document)
    .map(
      (token) => `Mara keeps the parcel ${token} in a drawer.\n${'-'.repeat(DOCUMENT_PART_LENGTH_MAX - 100)}`,
    )
    .join('\n\n')

test('killed at every moment of a document, it loses nothing, and does nothing twice', async () => {
  using folder = temporaryFolder()
  const dataDir = join(folder.path, 'data')
  /** By ingestion, what it says; and the last that was said under the one id. */
  const acknowledged = new Map<string, string>()
  let last = ''
  let count = 0

  const start = async (failPoint?: string) => {
    const server = startServer({ dataDir, apiKey, ...(failPoint !== undefined && { failPoint }) })
    running = server
    const url = (await server.listening) ?? ''
    const steer = (verb: 'pause' | 'resume') =>
      fetch(`${url}/v1/project/${verb}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        body: '{}',
      })
    return { server, client: createSynapClient({ url, apiKey }), steer }
  }
  const create = async (client: SynapClient): Promise<void> => {
    const document = String(count++)
    const { ingestion_id } = await client.createFromFile({
      ...{ user_id: `user ${count % 2}`, customer_id: 'acme', text: textOf(document) },
    })
    acknowledged.set(ingestion_id, document)
  }
  const replace = async (client: SynapClient): Promise<void> => {
    const document = String(count++)
    const body = { user_id: 'writer', document_id: 'diary', metadata: { upsert: true } }
    await client.create({ ...body, document: textOf(document) })
    last = document
  }

  /** A server that works on nothing acknowledges a document, and dies with it. */
  const leaveWork = async (): Promise<void> => {
    const { server, client, steer } = await start()
    await steer('pause')
    await create(client)
    server.kill('SIGKILL')
    await server.ended
  }

  for (const death of deaths) {
    await leaveWork()
    const { server, client, steer } = await start(typeof death === 'string' ? death : undefined)
    let isDead = false
    const ended = server.ended.then(() => {
      isDead = true
    })
    const timer = typeof death === 'number' ? sleep(death).then(() => server.kill('SIGKILL')) : null
    await steer('resume').catch(() => {})
    await create(client).catch(() => {})
    await replace(client).catch(() => {})
    while (!isDead) {
      await create(client).catch(() => {})
      await Promise.race([ended, sleep(200)])
    }
    await Promise.all([ended, timer])
  }
  const { server, client, steer } = await start()
  await steer('resume')
  for (const [ingestionId] of acknowledged) {
    const ingestion = await client.waitForCompletion(ingestionId, 60)
    expect([ingestion.status, ingestion.memories_created]).toEqual(['completed', PARTS])
  }
  last = String(count)
  await replace(client)
  const { ingestion_id } = await client.create({
    ...{ user_id: 'writer', document_id: 'diary', document: textOf(last) },
  })
  expect((await client.waitForCompletion(ingestion_id, 60)).status).toBe('completed')
  server.kill('SIGTERM')
  await server.ended

  const file = join(dataDir, 'remanence.db')
  expect(examineDatabase(file).filter(({ wrongCount }) => wrongCount > 0)).toEqual([])
  using database = new DatabaseSync(file, { readOnly: true })
  const contents = database
    .prepare('SELECT content FROM memories')
    .all()
    .map((row) => String(row.content))
  const timesOf = (token: string) => contents.filter((content) => content.includes(`${token} `)).length
  const wrong = [...acknowledged.values(), last]
    .flatMap(tokensOf)
    .map((token) => [token, timesOf(token)])
    .filter(([, times]) => times !== 1)
  expect(wrong).toEqual([])
  const ofWriter = database
    .prepare(
      "SELECT count(*) AS n FROM memories m JOIN scopes s ON s.scope_no = m.scope_no WHERE s.user_key = 'writer'",
    )
    .get()
  expect(ofWriter?.n).toBe(PARTS)
  expect(acknowledged.size).toBeGreaterThanOrEqual(deaths.length)
}, 240_000)
