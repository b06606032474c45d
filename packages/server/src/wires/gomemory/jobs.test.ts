/** A request and its run: their states, how long the request lives, and which requests are the same. */
import { expect, test } from 'vitest'
import { gatedModel } from '../../testing/gated-model.ts'
import { ApiError, goMemoryClient } from '../../testing/gomemory-client.ts'
import { movableClock } from '../../testing/movable-clock.ts'
import { type RunBody, startTestApp, type TestApp } from '../../testing/test-app.ts'

const said = (...contents: readonly string[]) => contents.map((content) => ({ role: 'user', content }))
const newestRun = async (app: TestApp) =>
  (await app.request<{ runs: RunBody[] }>('GET', '/v1/runs')).body.runs[0]?.run_id ?? ''
const hourMs = 3_600_000

test('a job is pending, then processing, then over', async () => {
  const { extractor, begun, open } = gatedModel()
  await using app = await startTestApp({ extractor })
  const client = goMemoryClient(app)
  const first = await client.addMemory('u', said('wait for it'))
  const second = await client.addMemory('u', said('I sing.'))
  await begun('wait for it')
  expect((await client.getStatus(first.req_id)).status).toBe('processing')
  expect((await client.getStatus(second.req_id)).status).toBe('pending')
  open('wait for it')
  for (const { req_id } of [first, second]) expect((await client.finished(req_id)).status).toBe('success')
})

test('the answers name the run, for all that the native API can do with it', async () => {
  await using app = await startTestApp()
  const body = { userId: 'u', messages: said('I sing.') }
  const added = await app.request<{ ReqId: string }>('POST', '/add_memory', body)
  const runId = added.headers.get('remanence-run-id') ?? ''
  const run = await app.request<RunBody>('GET', `/v1/runs/${runId}?wait=10`)
  expect(run.body).toMatchObject({ state: 'completed', wire: 'gomemory', user_id: 'u' })
  const status = await app.request('GET', `/get_status/${added.body.ReqId}`)
  expect(status.headers.get('remanence-run-id')).toBe(runId)
})

test('nothing worth remembering is a success', async () => {
  await using app = await startTestApp()
  const client = goMemoryClient(app)
  const { req_id } = await client.addMemory('u', said('Hello!', 'Thanks a lot.', ''))
  expect(await client.finished(req_id)).toMatchObject({ status: 'success', error: null })
  expect(await client.getAll('u')).toEqual([])
})

test('a job that was cancelled natively has failed, says so, and may be sent again', async () => {
  const { extractor, begun, open } = gatedModel()
  await using app = await startTestApp({ extractor })
  const client = goMemoryClient(app)
  const { req_id } = await client.addMemory('u', said('wait'))
  await begun('wait')
  await app.request('POST', `/v1/runs/${await newestRun(app)}/cancel`, { reason: 'a mistake' })
  expect(await client.finished(req_id)).toMatchObject({
    status: 'failure',
    error: expect.stringContaining('cancelled: a mistake'),
  })
  open('wait')
  await client.addMemory('u', said('wait'))
  expect(await client.finished(req_id)).toMatchObject({ status: 'success' })
})

test('a failed job that is retried natively keeps its id', async () => {
  const { extractor, broken } = gatedModel()
  await using app = await startTestApp({ extractor })
  const client = goMemoryClient(app)
  broken.add('I sing.')
  const { req_id } = await client.addMemory('u', said('I sing.'))
  expect(await client.finished(req_id)).toMatchObject({ status: 'failure' })
  broken.clear()
  await app.request('POST', `/v1/runs/${await newestRun(app)}/retry`, {})
  expect(await client.finished(req_id)).toMatchObject({ status: 'success', error: null })
})

test('a request lives for a day: then its status is gone, and the same content is a new job', async () => {
  const clock = movableClock()
  await using app = await startTestApp({ clock })
  const client = goMemoryClient(app)
  const { req_id } = await client.addMemory('u', said('I keep bees.'))
  const first = await client.finished(req_id)
  clock.advance(24 * hourMs - 60_000)
  expect(await client.getStatus(req_id)).toEqual(first)
  expect((await client.addMemory('u', said('I keep bees.'))).msg).toContain('already')
  clock.advance(61_000)
  const gone = await client.getStatus(req_id).catch((error: unknown) => error)
  expect(gone).toEqual(
    new ApiError(
      500,
      'We are experiencing some techincal issues right now. Please try again after some time!',
    ),
  )
  const again = await client.addMemory('u', said('I keep bees.'))
  expect(again).toMatchObject({ req_id, msg: expect.stringContaining('has been queued') })
  const second = await client.finished(req_id)
  expect(Date.parse(second.created_at)).toBeGreaterThan(Date.parse(first.created_at) + 24 * hourMs)
  expect(await client.getAll('u')).toHaveLength(1)
})

test('thirty-two first requests at once make one group, one job of the same content, and one memory', async () => {
  await using app = await startTestApp()
  const client = goMemoryClient(app)
  const added = await Promise.all(
    Array.from({ length: 32 }, () => client.addMemory('u', said('I keep bees.'))),
  )
  expect(new Set(added.map(({ req_id }) => req_id)).size).toBe(1)
  expect(added.filter(({ msg }) => msg.includes('has been queued'))).toHaveLength(1)
  await client.finished(added[0]?.req_id ?? '')
  expect(await client.getAll('u')).toHaveLength(1)
  const { body } = await app.request<{ groups: { name: string; version: number }[] }>('GET', '/v1/groups')
  expect(body.groups.filter(({ name }) => name === 'gomemory')).toMatchObject([{ version: 1 }])
})

test('a group that somebody has made their own is left as it is', async () => {
  await using app = await startTestApp()
  const scoping = { user_scoped: true, scope_properties: [] }
  const topics = [{ topic_name: 'All', description: '', is_bounded: false, scoping }]
  await app.request('PUT', '/v1/groups/gomemory', { topics })
  const client = goMemoryClient(app)
  const { req_id } = await client.addMemory('u', said('I live in Graz.'))
  await client.finished(req_id)
  expect(await client.getAll('u')).toMatchObject([{ type: 'general' }])
  expect(await client.getCore('u')).toEqual([])
})

test('equal text is the same request however it is cut, but never that of another user', async () => {
  await using app = await startTestApp()
  const client = goMemoryClient(app)
  const whole = await client.addMemory('u', said('I keep bees. I sing.'))
  const cut = await client.addMemory('u', said('I keep bees.', ' I sing.'))
  expect(cut).toMatchObject({ req_id: whole.req_id, msg: expect.stringContaining('already') })
  const other = await client.addMemory('.u', said('I keep bees. I sing'))
  expect(other).toMatchObject({ req_id: whole.req_id, msg: expect.stringContaining('has been queued') })
  await client.finished(other.req_id)
  for (const userId of ['u', '.u']) expect(await client.getAll(userId)).toHaveLength(2)
})

test('all memories are told, however many they are', async () => {
  await using app = await startTestApp()
  const client = goMemoryClient(app)
  const texts = Array.from({ length: 230 }, (_, index) => `My box number ${index} holds ${index * 7} screws.`)
  await client.finished((await client.addMemory('u', said(...texts))).req_id)
  const all = await client.getAll('u')
  expect(all.map(({ memory_text }) => memory_text)).toEqual(texts.map((text) => `User: ${text}`))
})
