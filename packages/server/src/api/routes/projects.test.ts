/** Projects: made by an operator, each with a first key, and apart from one another from the first moment on. */
import { afterAll, expect, test } from 'vitest'
import { type RequestOptions, startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp()
afterAll(app.stop)

type Listed = { readonly project_id: string; readonly name: string; readonly created_at: string }
type Created = Listed & { readonly key_id: string; readonly key: string }
const create = (name: string, members: object = {}, options?: RequestOptions) =>
  app.request<Created>('POST', '/v1/projects', { name, ...members }, options)
const list = async (query = '') =>
  (await app.request<{ projects: Listed[]; next_cursor: string | null }>('GET', `/v1/projects${query}`)).body
const own = async (options?: RequestOptions) =>
  (await app.request('GET', '/v1/project', undefined, options)).body

test('a new project has a group and a key that may do everything in it, and nothing on the server', async () => {
  const { status, body } = await create('tenant')
  expect([status, body]).toEqual([
    201,
    {
      project_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'tenant',
      created_at: expect.any(String),
      key_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      key: expect.stringMatching(/^rem_/),
    },
  ])
  const as = { key: body.key }
  await app.finished(await app.add('Mara keeps bees.', {}, as), as)
  expect(await app.list({}, as)).toMatchObject([{ content: 'Mara keeps bees.', project_id: body.project_id }])
  expect(await app.list()).toEqual([])
  expect((await app.request('GET', '/v1/keys', undefined, as)).body).toMatchObject({
    keys: [{ key_id: body.key_id, scopes: ['read', 'write', 'admin'] }],
  })
  expect((await app.request('GET', '/v1/projects', undefined, as)).status).toBe(403)
  expect(await own(as)).toEqual({
    project_id: body.project_id,
    name: 'tenant',
    created_at: body.created_at,
    state: 'active',
    depth: 0,
    counts: { groups: 1, users: 1, memories: 1 },
    counts_exact: true,
    limits: {
      queue_depth: 1_000_000,
      run_retention: 0,
      event_retention: 0,
      version_retention: 0,
      delivery_retention: 0,
      ledger_retention: 0,
    },
    own_limits: {},
  })
})

test('an operator sees how a project stands, and reads nothing that is in it', async () => {
  const { body } = await create('private')
  const as = { key: body.key }
  const runId = await app.add('The vault code is 4711.', {}, as)
  await app.finished(runId, as)
  const [memory] = await app.list({}, as)
  const operator = await app.request<Created>('POST', '/v1/keys', { name: 'op', scopes: ['operator'] })
  const only = { key: operator.body.key }
  const shown = await app.request('GET', `/v1/projects/${body.project_id}`, undefined, only)
  expect(shown).toMatchObject({ status: 200, body: { name: 'private', counts: { memories: 1 } } })
  expect(shown.text).not.toContain('4711')
  // Neither with the operator's scope alone, nor with all scopes of the first project.
  for (const options of [only, {}]) {
    const statuses = await Promise.all([
      app.request('GET', `/v1/memories/${memory?.id}?user_id=mara`, undefined, options),
      app.request('GET', `/v1/runs/${runId}`, undefined, options),
      app.request('DELETE', `/v1/keys/${body.key_id}`, undefined, options),
    ])
    for (const answer of statuses) expect(answer.status).toBeOneOf([403, 404, 422])
    expect(JSON.stringify(statuses)).not.toContain('4711')
  }
  expect(
    (await app.request('POST', '/v1/memories/search', { query: 'vault code', user_id: 'mara' })).text,
  ).not.toContain('4711')
})

test('a name is given once, whoever is first', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => create('wanted')))
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(409)])
  expect((await list()).projects.filter(({ name }) => name === 'wanted')).toHaveLength(1)
  expect(await create('default')).toMatchObject({ status: 409, body: { code: 'conflict' } })
  expect((await create('Wanted')).status).toBe(201)
})

test('projects are listed oldest first, page by page', async () => {
  const { projects, next_cursor } = await list()
  expect([projects[0]?.name, next_cursor]).toEqual(['default', null])
  const paged: Listed[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Awaited<ReturnType<typeof list>> = await list(`?limit=2${cursor && `&cursor=${cursor}`}`)
    expect(page.projects.length).toBeLessThanOrEqual(2)
    paged.push(...page.projects)
    cursor = page.next_cursor
  }
  expect(paged).toEqual(projects)
})

test('a project is renamed; the first one keeps its name, because every start looks for it', async () => {
  const { body } = await create('old name')
  const rename = (id: string, name: string) => app.request<Listed>('PATCH', `/v1/projects/${id}`, { name })
  expect(await rename(body.project_id, 'new name')).toMatchObject({ status: 200, body: { name: 'new name' } })
  expect(await rename(body.project_id.toUpperCase(), 'new name')).toMatchObject({ status: 200 })
  expect(await own({ key: body.key })).toMatchObject({ name: 'new name' })
  expect(await rename(body.project_id, 'default')).toMatchObject({ status: 409, body: { code: 'conflict' } })
  const [first] = (await list()).projects
  expect(await rename(first?.project_id ?? '', 'mine')).toMatchObject({
    status: 409,
    body: { code: 'conflict' },
  })
  expect(await rename('01a206d6-b94d-7475-acf8-b2edeb3ff0bc', 'x')).toMatchObject({ status: 404 })
  expect((await create('old name')).status).toBe(201)
})

test('the template is that of its default group', async () => {
  const { body } = await create('talkative', { template: 'personalization-with-summary' })
  expect((await app.request('GET', '/v1/groups', undefined, { key: body.key })).body).toMatchObject({
    groups: [
      { name: 'default', topics: [{ topic_name: 'UserKnowledge' }, { topic_name: 'ConversationSummary' }] },
    ],
  })
})

test('limits of its own are in force at once, and are replaced as a whole', async () => {
  const { body } = await create('bounded')
  const as = { key: body.key }
  const path = `/v1/projects/${body.project_id}`
  const limit = (limits: object) => app.request('PATCH', path, { limits })
  expect(await limit({ queue_depth: 1, run_retention: 3_600 })).toMatchObject({
    status: 200,
    body: {
      limits: { queue_depth: 1, run_retention: 3_600, event_retention: 0 },
      own_limits: { queue_depth: 1, run_retention: 3_600 },
    },
  })
  const input = { string: { content: ['Bees.'] } }
  const add = () => app.request('POST', '/v1/memories', { input, user_id: 'mara', delay: 3_600 }, as)
  expect((await add()).status).toBe(200)
  expect(await add()).toMatchObject({ status: 429, body: { code: 'queue_full' } })
  expect(await own(as)).toMatchObject({ depth: 1, own_limits: { queue_depth: 1, run_retention: 3_600 } })
  expect(await limit({ event_retention: 0 })).toMatchObject({
    body: { limits: { queue_depth: 1_000_000, run_retention: 0 }, own_limits: { event_retention: 0 } },
  })
  expect((await add()).status).toBe(200)
  expect((await limit({})).body).toMatchObject({ own_limits: {} })
})

test.each([{}, { name: null }, { limits: null }])('%j changes no project', async (change) => {
  const [first] = (await list()).projects
  const answer = await app.request('PATCH', `/v1/projects/${first?.project_id}`, change)
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
})

test.each([
  [{ queue_depth: 0 }],
  [{ queue_depth: 1.5 }],
  [{ run_retention: -1 }],
  [{ run_retention: 3_153_600_001 }],
  [{ body_bytes_max: 5 }],
])('the limits %j are refused', async (limits) => {
  const [first] = (await list()).projects
  const answer = await app.request('PATCH', `/v1/projects/${first?.project_id}`, { limits })
  expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_body' } })
})
