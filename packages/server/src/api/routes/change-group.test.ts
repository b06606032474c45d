/** Groups read, changed topic by topic, and deleted. */
import { afterAll, expect, test } from 'vitest'
import { startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp()
afterAll(app.stop)

type Group = {
  readonly name: string
  readonly version: number
  readonly topics: readonly { topic_name: string }[]
}
const topic = {
  description: 'Places.',
  is_bounded: false,
  scoping: { user_scoped: true, scope_properties: [] },
}
const named = (topic_name: string, members: object = {}) => ({ topic_name, ...topic, ...members })
const put = (name: string, body: object = { topics: [named('Facts')] }) =>
  app.request<Group>('PUT', `/v1/groups/${name}`, body)
const get = (name: string) => app.request<Group>('GET', `/v1/groups/${name}`)
const putTopic = (path: string, body: object = topic) => app.request<Group>('PUT', `/v1/groups/${path}`, body)
const remove = (path: string) => app.request('DELETE', `/v1/groups/${path}`)
const namesOf = async (name: string) => (await get(name)).body.topics.map(({ topic_name }) => topic_name)
const item = (content: string, topic_name: string) => ({
  pre_extracted: { items: [{ content, topic: topic_name }] },
})

test('a group is read by its name, whatever is in it', async () => {
  for (const name of ['places', 'a/b ?', '🐝']) {
    await put(encodeURIComponent(name))
    expect(await get(encodeURIComponent(name))).toMatchObject({ status: 200, body: { name, version: 1 } })
  }
  expect(await get('nowhere')).toMatchObject({ status: 404, body: { code: 'not_found' } })
})

test('a topic is added at the end, replaced in its place, and each change is a version', async () => {
  await put('parts')
  expect(await putTopic('parts/topics/Places')).toMatchObject({ status: 200, body: { version: 2 } })
  const changed = { ...topic, description: 'Facts, otherwise.' }
  expect(await putTopic('parts/topics/Facts', changed)).toMatchObject({
    body: {
      version: 3,
      topics: [{ topic_name: 'Facts', description: 'Facts, otherwise.' }, { topic_name: 'Places' }],
    },
  })
  expect(await putTopic('parts/topics/Facts', changed)).toMatchObject({ body: { version: 3 } })
  expect((await remove('parts/topics/Facts')).status).toBe(204)
  expect(await namesOf('parts')).toEqual(['Places'])
  expect(await remove('parts/topics/Facts')).toMatchObject({ status: 404, body: { code: 'not_found' } })
  expect(await remove('parts/topics/Places')).toMatchObject({ status: 409, body: { code: 'conflict' } })
  for (const answer of [await putTopic('nowhere/topics/X'), await remove('nowhere/topics/X')])
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } })
})

test('topics that are added at the same time are all there', async () => {
  await put('busy')
  const names = ['A', 'B', 'C', 'D', 'E']
  const answers = await Promise.all(names.map((name) => putTopic(`busy/topics/${name}`)))
  expect(answers.map(({ status }) => status)).toEqual(names.map(() => 200))
  expect((await namesOf('busy')).toSorted()).toEqual([...names, 'Facts'])
})

test('a topic with memories keeps its scoping and stays', async () => {
  await put('kept', { topics: [named('Facts'), named('Places')] })
  await app.finished(await app.add(item('Mara keeps bees.', 'Facts'), { group: 'kept' }))
  const conflict = {
    status: 409,
    body: { code: 'conflict', detail: expect.stringContaining('holds memories') },
  }
  expect(await remove('kept/topics/Facts')).toMatchObject(conflict)
  expect(await putTopic('kept/topics/Facts', { ...topic, is_bounded: true })).toMatchObject(conflict)
  expect(await remove('kept')).toMatchObject(conflict)
  expect((await putTopic('kept/topics/Facts', { ...topic, description: '' })).status).toBe(200)
})

test('a pipeline that names its topics is changed with them', async () => {
  const steps = [
    { name: 'extract', type: 'extract' },
    { name: 'place', type: 'transform', topics: ['Facts', 'Places'] },
    { name: 'commit', type: 'commit' },
  ]
  await put('named', { topics: [named('Facts'), named('Places')], pipeline: { steps } })
  const conflict = { status: 409, body: { code: 'conflict', detail: expect.stringContaining('pipeline') } }
  expect(await putTopic('named/topics/More')).toMatchObject(conflict)
  expect(await remove('named/topics/Places')).toMatchObject(conflict)
  expect((await putTopic('named/topics/Places', { ...topic, description: '' })).status).toBe(200)
})

test('a group takes no more topics than it may have', async () => {
  await put('full', { topics: Array.from({ length: 64 }, (_, n) => named(`T${n}`)) })
  expect(await putTopic('full/topics/One')).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
  expect((await putTopic('full/topics/T0', { ...topic, description: '' })).status).toBe(200)
})

test('an empty group is deleted; its runs can be read, and neither tried again nor repeated', async () => {
  await put('brief')
  const runId = await app.add(item('Mara keeps bees.', 'Facts'), { group: 'brief' })
  await app.finished(runId)
  const [memory] = await app.list({ group: 'brief' })
  expect((await app.request('DELETE', `/v1/memories/${memory?.id}?user_id=mara&group=brief`)).status).toBe(
    204,
  )
  expect((await remove('brief')).status).toBe(204)
  expect((await get('brief')).status).toBe(404)
  expect(await remove('brief')).toMatchObject({ status: 404, body: { code: 'not_found' } })
  expect((await app.request('GET', `/v1/runs/${runId}`)).status).toBe(200)
  const add = { input: item('x', 'Facts'), user_id: 'mara', group: 'brief' }
  expect(await app.request('POST', '/v1/memories', add)).toMatchObject({
    status: 422,
    body: { code: 'unknown_group' },
  })
  const replay = await app.request<{ run_id: string }>('POST', `/v1/runs/${runId}/replay`, {})
  expect(await app.finished(replay.body.run_id)).toMatchObject({
    state: 'failed',
    error: 'processing failed: its group was deleted',
  })
})

test('the default group and one with open runs stay', async () => {
  expect(await remove('default')).toMatchObject({ status: 409, body: { code: 'conflict' } })
  await put('waiting')
  const runId = await app.add(item('Mara keeps bees.', 'Facts'), { group: 'waiting', delay: 3_600 })
  expect(await remove('waiting')).toMatchObject({ status: 409, body: { code: 'conflict' } })
  await app.request('POST', `/v1/runs/${runId}/cancel`, {})
  expect((await remove('waiting')).status).toBe(204)
})

test('what was deleted in a group that is gone does not come back', async () => {
  await put('ended')
  await app.finished(await app.add(item('Mara keeps bees.', 'Facts'), { group: 'ended' }))
  const [memory] = await app.list({ group: 'ended' })
  await app.request('DELETE', `/v1/memories/${memory?.id}?user_id=mara&group=ended`)
  const { body } = await app.request<{ runs: { run_id: string }[] }>(
    'GET',
    '/v1/runs?input_type=delete&limit=1',
  )
  expect((await remove('ended')).status).toBe(204)
  const undo = await app.request<{ run_id: string }>('POST', `/v1/runs/${body.runs[0]?.run_id}/undo`, {})
  expect(await app.finished(undo.body.run_id)).toMatchObject({
    state: 'failed',
    error: 'processing failed: its group was deleted',
  })
  expect((await app.request('GET', '/v1/users/mara')).body).toMatchObject({ open_run_count: 0 })
  expect((await app.request('GET', '/v1/doctor')).body).toMatchObject({ healthy: true })
})

test('a group in whose buffer a run waits stays', async () => {
  const steps = [
    { name: 'extract', type: 'extract' },
    { name: 'wait', type: 'buffer', trigger: { age_seconds: 3_600 } },
    { name: 'place', type: 'transform' },
    { name: 'commit', type: 'commit' },
  ]
  await put('gathering', { topics: [named('Facts')], pipeline: { steps } })
  const runId = await app.add(item('Mara keeps bees.', 'Facts'), { group: 'gathering' })
  const stateOf = async () => (await app.request<{ state: string }>('GET', `/v1/runs/${runId}`)).body.state
  await expect.poll(stateOf, { interval: 5, timeout: 20_000 }).toBe('buffered')
  expect((await app.request('GET', '/v1/users/mara')).body).toMatchObject({ open_run_count: 1 })
  expect(await remove('gathering')).toMatchObject({ status: 409, body: { code: 'conflict' } })
  await app.request('POST', `/v1/runs/${runId}/cancel`, {})
  await app.finished(runId)
  expect((await remove('gathering')).status).toBe(204)
  expect((await app.request('GET', '/v1/doctor')).body).toMatchObject({ healthy: true })
})
