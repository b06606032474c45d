/** Every name of both generations of Engram's pages on runs, seen on the real server. */
import { expect, test } from 'vitest'
import { whileStoreIsBroken } from '../broken-store.ts'
import { gatedModel } from '../gated-model.ts'
import { type RunBody, startTestApp, type TestApp } from '../test-app.ts'
import { engramEarlier } from './engram-earlier.ts'
import { engramLater } from './engram-later.ts'
import { createWitness } from './witness.ts'

const [earlier, later] = [createWitness(engramEarlier), createWitness(engramLater)]
const both = [earlier, later]
const unknown = '00000000-0000-4000-8000-000000000000'
const text = (...content: readonly string[]) => ({ string: { content } })

const see = async (app: TestApp, runId: string): Promise<RunBody> => {
  const { body } = await app.request<RunBody>('GET', `/v1/runs/${runId}`)
  for (const witness of both) {
    witness.see('run', body)
    if (body.committed_operations === null) continue
    witness.see('committed operations', body.committed_operations)
    for (const operation of Object.values(body.committed_operations).flat())
      witness.see('operation', operation)
  }
  return body
}
const add = async (app: TestApp, members: object): Promise<string> => {
  const { body } = await app.request<RunBody>('POST', '/v1/memories', { user_id: 'mara', ...members })
  for (const witness of both) witness.see('acknowledgement', body)
  return body.run_id
}
const ended = async (app: TestApp, runId: string): Promise<RunBody> => {
  await app.finished(runId)
  return see(app, runId)
}
const shared = (name: string, isBounded = false, userScoped = true) => ({
  ...{ topic_name: name, description: '', is_bounded: isBounded },
  scoping: { user_scoped: userScoped, scope_properties: [] },
})

test('a run waits, is processed, and completes or fails', async () => {
  const { extractor, broken, begun, open } = gatedModel()
  await using app = await startTestApp({ extractor })
  const working = await add(app, { input: text('wait for it') })
  const waiting = await add(app, { input: text('bad') })
  broken.add('bad')
  await begun('wait for it')
  expect((await see(app, working)).status).toBe('running')
  expect((await see(app, waiting)).status).toBe('in_buffer')
  open('wait for it')
  expect((await ended(app, working)).status).toBe('completed')
  expect((await ended(app, waiting)).status).toBe('failed')
  expect(await ended(app, await add(app, { input: text('good', 'bad') }))).toMatchObject({
    ...{ status: 'failed', committed_operations: { created: [{}] } },
  })
})

test('every input enters where it is said to, and tells what it created, updated and deleted', async () => {
  await using app = await startTestApp()
  const first = await ended(app, await add(app, { input: text('Mara keeps bees.') }))
  const found = await app.request<{ total: number }>('POST', '/v1/memories/search', {
    query: 'bees',
    user_id: 'mara',
  })
  later.held(
    'memories are found once the run has completed',
    [first.status, found.body.total],
    ['completed', 1],
  )
  const { committed_operations: none } = await ended(app, await add(app, { input: text('Mara keeps bees.') }))
  later.held('an add of nothing new completes with empty lists', none, {
    created: [],
    updated: [],
    deleted: [],
  })
  const longer = await ended(app, await add(app, { input: text('Mara keeps bees in Graz.') }))
  expect(longer.committed_operations?.updated).toHaveLength(1)
  const items = [{ content: 'Plays the cello', topic: 'UserKnowledge' }]
  await ended(app, await add(app, { input: { pre_extracted: { items } } }))
  const messages = [{ role: 'user', content: 'I sail on the Danube.' }]
  await ended(app, await add(app, { input: { conversation: { messages } } }))
  const talk = { input: { conversation: { messages } }, conversation_id: unknown }
  earlier.held(
    'conversation_id at the top of an add is taken',
    (await ended(app, await add(app, talk))).status,
    'completed',
  )

  await app.request('PUT', '/v1/groups/shared', { topics: [shared('Facts', false, false)] })
  const { user_id } = await ended(
    app,
    await add(app, { input: text('Honey is sweet.'), group: 'shared', user_id: null }),
  )
  expect(user_id).toBeUndefined()
  const document = (said: string) => ({
    ...{ document: said, document_id: 'notes', user_id: 'mara', metadata: { upsert: true } },
  })
  for (const said of ['Mara owns a mill.', 'Mara rows.']) {
    const { body } = await app.request<{ ingestion_id: string }>(
      'POST',
      '/api/v1/memories/create',
      document(said),
    )
    await ended(app, body.ingestion_id)
  }
})

test('a run is paused at a buffer step, whatever lets it go', async () => {
  await using app = await startTestApp()
  for (const trigger of [{ count: 2 }, { age_seconds: 3_600 }, { idle_seconds: 3_600 }]) {
    const steps = [
      { name: 'extract', type: 'extract' },
      { name: 'place', type: 'transform', topics: ['Facts'] },
      { name: 'commit', type: 'commit' },
      { name: 'gather', type: 'buffer', trigger },
      { name: 'aggregate', type: 'transform', topics: ['Digest'] },
      { name: 'commit digest', type: 'commit' },
    ]
    const group = Object.keys(trigger).join()
    await app.request('PUT', `/v1/groups/${group}`, {
      topics: [shared('Facts'), shared('Digest', true)],
      pipeline: { steps },
    })
    const runId = await add(app, { input: text('Mara keeps bees.'), group })
    await expect.poll(async () => (await see(app, runId)).state, { interval: 3 }).toBe('buffered')
    await app.request('POST', `/v1/runs/${runId}/flush`, {})
    expect((await ended(app, runId)).status).toBe('completed')
  }
})

test('what is wrong is said with the documented status', async () => {
  await using app = await startTestApp({ template: 'personalization-with-summary' })
  const post = (members: object) =>
    app.request('POST', '/v1/memories', { user_id: 'mara', properties: { conversation_id: 'c' }, ...members })
  const search = (members: object) =>
    app.request('POST', '/v1/memories/search', { query: 'bees', user_id: 'mara', ...members })
  const input = text('Mara keeps bees.')
  later.refused('user_id missing', await post({ input, user_id: null }))
  later.refused('property missing', await post({ input, properties: {} }))
  later.refused(
    'unknown property',
    await post({ input, properties: { conversation_id: 'c', colour: 'red' } }),
  )
  later.refused('empty content', await post({ input: text(' ') }))
  later.refused('two input types', await post({ input: { ...input, pre_extracted: { items: [] } } }))
  later.refused(
    'unrecognised retrieval_type',
    await search({ retrieval_config: { retrieval_type: 'guess' } }),
  )
  later.refused('schema of the body', await post({ input, colour: 'red' }))
  const items = (topic: string) => ({ pre_extracted: { items: [{ content: 'Keeps bees', topic }] } })
  later.refused('unknown topic', await post({ input: items('Nowhere') }))
  later.refused('topic in another case', await post({ input: items('userknowledge') }))
  const nowhere = await post({ input, group: 'nowhere' })
  for (const witness of both) witness.refused('unknown group', nowhere)
  earlier.chose(
    'the body of an add before input',
    await post({ content: { type: 'string', content: 'Mara sails.' } }),
  )
  later.held('a refused add makes no run', (await app.request('GET', '/v1/runs')).body, {
    runs: [],
    next_cursor: null,
  })

  const run = await app.request('GET', `/v1/runs/${unknown}`)
  for (const witness of both) witness.refused('unknown run', run)
  later.refused('no run id', await app.request('GET', '/v1/runs/7'))
  earlier.chose('GET /v1/runs/count', await app.request('GET', '/v1/runs/count'))
  const runId = await app.add(input, { properties: { conversation_id: 'c' } })
  await app.finished(runId)
  later.refused('unknown memory', await app.request('GET', `/v1/memories/${unknown}?user_id=mara`))
  later.refused('unknown user on get', await app.request('GET', `/v1/memories/${unknown}?user_id=nobody`))
  later.refused(
    'unknown user on delete',
    await app.request('DELETE', `/v1/memories/${unknown}?user_id=nobody`),
  )
  later.refused('unknown path', await app.request('GET', '/v1/nothing'))
  later.refused('path without /v1', await app.request('GET', `/runs/${runId}`))
  later.refused('slash at the end', await app.request('GET', `/v1/runs/${runId}/`))
  const { body: tenant } = await app.request<{ key: string }>('POST', '/v1/projects', { name: 'tenant' })
  later.refused(
    "another project's run",
    await app.request('GET', `/v1/runs/${runId}`, undefined, { key: tenant.key }),
  )
  await whileStoreIsBroken(app, async () =>
    later.refused('server failure', await app.request('GET', `/v1/runs/${runId}`)),
  )
})

test('keys are refused as documented, before anything else is looked at', async () => {
  await using app = await startTestApp()
  const details = new Set<string>()
  const refused = async (name: string, headers: Record<string, string>) => {
    const answer = await app.request<{ detail: string }>('GET', `/v1/runs/${unknown}`, undefined, {
      key: null,
      headers,
    })
    later.refused(name, answer)
    details.add(answer.body.detail)
    return answer
  }
  earlier.refused('no key', await refused('header missing', {}))
  await refused('no Bearer scheme', { authorization: app.key })
  await refused('scheme in another case', { authorization: `bearer ${app.key}` })
  await refused('key in another form', { authorization: 'Bearer sk-12345' })
  await refused('unknown key', { authorization: 'Bearer eng_unknown' })
  later.held('each way of getting the key wrong has its own detail', details.size, 5)
  later.refused(
    'bad key and bad body',
    await app.request('POST', '/v1/memories', '{', { key: 'eng_unknown' }),
  )
})

test('what there is no room for is refused for a while', async () => {
  await using app = await startTestApp({ limits: { queueDepthMax: 1 } })
  await app.request('POST', '/v1/project/pause', {})
  await app.add('Mara keeps bees.')
  later.chose(
    'monthly cap',
    await app.request('POST', '/v1/memories', { input: text('Mara sails.'), user_id: 'mara' }),
  )
})

test('nothing that is documented was left out', () => {
  expect(both.flatMap((witness) => witness.unseen())).toEqual([])
})
