/** Every name of the pages of Synap on ingestions, seen on the real server and as its library reads it. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { DOCUMENT_PART_LENGTH_MAX } from '../../kernel/limits.ts'
import { StepError } from '../../kernel/step-error.ts'
import { SynapFailure } from '../../wires/synap/testing/conversations-client.ts'
import { whileStoreIsBroken } from '../broken-store.ts'
import { fakeExtractor } from '../fake-extractor.ts'
import { startTestApp, type TestApp, type TestAppOptions } from '../test-app.ts'
import { synap } from './synap.ts'
import { createWitness } from './witness.ts'

const witness = createWitness(synap, ({ status, body }) => new SynapFailure(status, body).name)
const unknown = '/api/v1/memories/status/00000000-0000-4000-8000-000000000000'
const callId = randomUUID()
const successes = new Set<number>()

const open = async (options: TestAppOptions = {}) => {
  const app = await startTestApp(options)
  const create = (members: object) =>
    app.request('POST', '/api/v1/memories/create', { user_id: 'mara', ...members })
  const added = async (members: object): Promise<{ ingestion_id: string; document_id: string }> => {
    const { status, body } = await create(members)
    successes.add(status)
    const { ingestion_id, document_id } = witness.see('created ingestion', body)
    return { ingestion_id: String(ingestion_id), document_id: String(document_id) }
  }
  const see = async (ingestionId: string) => {
    const { status, body } = await app.request('GET', `/api/v1/memories/status/${ingestionId}`)
    successes.add(status)
    return witness.see('ingestion', body)
  }
  return { app, create, added, see, [Symbol.asyncDispose]: app.stop }
}
const steer = (app: TestApp, verb: 'pause' | 'resume' | 'drain') =>
  app.request('POST', `/v1/project/${verb}`, {})

/** So many parts, each a statement of its own. */
const long = (count: number): string =>
  Array.from(
    { length: count },
    (_, part) => `Mara owns the house number ${part}.\n${'-'.repeat(DOCUMENT_PART_LENGTH_MAX - 100)}`,
  ).join('\n\n')

test('an ingestion comes to every status, with every field', async () => {
  const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const extractor = fakeExtractor(async (text) => {
    const [statement = ''] = text.split('\n')
    if (statement.endsWith('number 4.')) {
      reached.resolve()
      await gate.promise
    }
    if (statement.endsWith('number 5.')) throw new StepError('invalid_output', 'the model answered nonsense')
    return [statement]
  })
  await using scene = await open({ extractor })
  const working = await scene.added({ document: long(6), document_id: 'houses' })
  await reached.promise
  expect(await scene.see(working.ingestion_id)).toMatchObject({ status: 'processing', memories_created: 4 })
  const waiting = await scene.added({ document: 'Mara keeps bees.' })
  expect(await scene.see(waiting.ingestion_id)).toMatchObject({ status: 'queued' })
  gate.resolve()
  await Promise.all([working, waiting].map(({ ingestion_id }) => scene.app.finished(ingestion_id)))

  const partial = await scene.see(working.ingestion_id)
  expect(partial).toMatchObject({ status: 'partial_success', memories_created: 5 })
  const ids = partial.memory_ids as string[] // safety: seen as ids
  const kept = await Promise.all(ids.map((id) => scene.app.request('GET', `/api/v1/memories/${id}`)))
  witness.held(
    'memories made so far remain usable',
    kept.map(({ status }) => status),
    [200, 200, 200, 200, 200],
  )
  witness.held(
    'the same document_id is told again',
    [working.document_id, partial.document_id],
    ['houses', 'houses'],
  )
  expect(await scene.see(waiting.ingestion_id)).toMatchObject({ status: 'completed' })
  witness.held(
    'the server makes a document_id when none is given',
    waiting.document_id,
    expect.stringMatching(/\w/),
  )
})

test('what fails wholly, or is cancelled, has failed', async () => {
  const extractor = fakeExtractor(() => {
    throw new StepError('invalid_output', 'the model answered nonsense')
  })
  await using scene = await open({ extractor })
  const failing = await scene.added({ document: 'Mara keeps bees.', document_id: 'notes' })
  await scene.app.finished(failing.ingestion_id)
  expect(await scene.see(failing.ingestion_id)).toMatchObject({ status: 'failed' })
  await steer(scene.app, 'pause')
  const waiting = await scene.added({ document: 'Mara sails.' })
  await scene.app.request('POST', `/v1/runs/${waiting.ingestion_id}/cancel`, { reason: 'a mistake' })
  const { status, error_message } = await scene.see(waiting.ingestion_id)
  witness.held(
    'a cancelled one has failed',
    [status, error_message],
    ['failed', expect.stringContaining('cancelled')],
  )
})

test('what is wrong is said with the documented status, and raises the documented exception', async () => {
  await using scene = await open()
  const { app, create } = scene
  witness.refused('senseless document', await create({ document: ' ' }))
  const unknownType = await create({ document: 'Mara keeps bees.', document_type: 'novel' })
  witness.refused('unknown type', unknownType)
  witness.chose('SynapValidationError', unknownType)
  const headers = { 'content-type': 'text/plain' }
  const path = '/api/v1/memories/create'
  witness.chose('SynapTransientError', await app.request('POST', path, 'Mara keeps bees.', { headers }))
  witness.refused('no key', await app.request('GET', unknown, undefined, { key: null }))
  const badKey = await app.request('GET', unknown, undefined, { key: 'synap_unknown' })
  witness.refused('bad key', badKey)
  witness.chose('SynapAuthError', badKey)
  const notFound = await app.request('GET', unknown)
  witness.refused('unknown ingestion', notFound)
  witness.chose('SynapNotFoundError', notFound)
  const { body } = await app.request<{ key: string }>('POST', '/v1/keys', { name: 'w', scopes: ['write'] })
  witness.chose('403', await app.request('GET', unknown, undefined, { key: body.key }))

  await steer(app, 'pause')
  const talk = { document: 'Mara keeps bees.', document_id: 'talk' }
  const first = await scene.added(talk)
  witness.held(
    'a call that is repeated after a lost connection makes nothing twice, with a document_id',
    await scene.added(talk),
    first,
  )
  const conflict = await create({ ...talk, document: 'Mara sails.' })
  witness.refused('another document of the same id', conflict)
  witness.chose('SynapConflictError', conflict)
  const ingest = (transcript: string) =>
    app.request('POST', '/v1/conversations/ingest', { conversation_id: callId, user_id: 'mara', transcript })
  successes.add((await ingest('User: I keep bees.')).status)
  witness.refused('another transcript', await ingest('User: I sail.'))
  await steer(app, 'resume')
  await app.finished(first.ingestion_id)
  await scene.added(talk)
  const documents = [
    { document: 'Jo rows.', user_id: 'jo' },
    { document: ' ', user_id: 'jo' },
  ]
  const batch = await app.request<{ results: unknown[] }>('POST', '/api/v1/memories/batch', { documents })
  successes.add(batch.status)
  for (const result of batch.body.results) witness.see('created ingestion', result)
  await whileStoreIsBroken(app, async () => {
    witness.refused('server failure', await app.request('GET', unknown))
    witness.refused('server failure at a create', await create({ document: 'Mara sings.' }))
  })
})

test('what there is no room for is refused for a while', async () => {
  await using scene = await open({ limits: { queueDepthMax: 1 } })
  await steer(scene.app, 'pause')
  await scene.added({ document: 'Mara keeps bees.' })
  witness.refused('too much at once', await scene.create({ document: 'Mara sails.' }))
  await steer(scene.app, 'drain')
  witness.refused('unavailable', await scene.create({ document: 'Mara sails.' }))
})

test('where users belong to customers, a user alone is refused', async () => {
  await using scene = await open({ synapRelationship: 'b2b' })
  witness.refused('a user without a customer', await scene.create({ document: 'Mara keeps bees.' }))
})

test('nothing that is documented was left out', () => {
  witness.held('a success is 200 and nothing else', [...successes], [200])
  expect(witness.unseen()).toEqual([])
})
