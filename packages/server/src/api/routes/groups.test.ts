/** Groups and topics: what there is, and what may be changed while memories depend on it. */
import { afterAll, describe, expect, test } from 'vitest'
import { startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp()
afterAll(app.stop)

const topic = (topic_name: string, members: object = {}) => ({
  topic_name,
  description: `About ${topic_name}.`,
  is_bounded: false,
  scoping: { user_scoped: false, scope_properties: [] },
  ...members,
})
const put = (name: string, body: unknown) =>
  app.request<{ group_id: string; pipeline?: object }>('PUT', `/v1/groups/${encodeURIComponent(name)}`, body)

const defaultGroup = {
  group_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
  name: 'default',
  scoping: { user_scoped: true, scope_properties: [] },
  topics: [
    {
      topic_name: 'UserKnowledge',
      description: expect.any(String),
      is_bounded: false,
      scoping: { user_scoped: true, scope_properties: [] },
    },
  ],
  pipeline: {
    steps: [
      { name: 'extract', type: 'extract', next: 'transform' },
      { name: 'transform', type: 'transform', next: 'commit' },
      { name: 'commit', type: 'commit' },
    ],
  },
  version: 1,
}

describe('reading', () => {
  test('the default group is there from the start', async () => {
    const { body } = await app.request('GET', '/v1/groups')
    expect(body).toMatchObject({ groups: [defaultGroup] })
  })

  test('by name, and without a name the default one', async () => {
    const answers = await Promise.all([
      app.request('GET', '/v1/groups/by-name?name=default'),
      app.request('GET', '/v1/groups/by-name'),
    ])
    for (const { status, body } of answers) expect([status, body]).toEqual([200, defaultGroup])
  })

  test.each([
    ['Default', 'unknown_group', 'group "Default" not found'],
    ['nope', 'unknown_group', 'group "nope" not found'],
    ['', 'invalid_body', 'query.name'],
  ])('"%s" is no group: 422', async (name, code, detail) => {
    const answer = await app.request('GET', `/v1/groups/by-name?name=${name}`)
    expect(answer).toMatchObject({ status: 422, body: { code, detail: expect.stringContaining(detail) } })
  })
})

describe('putting', () => {
  test('makes a group that reads back as it was put, with the union of its scopes', async () => {
    const topics = [
      topic('Notes', { scoping: { user_scoped: false, scope_properties: ['repo', 'branch'] } }),
      topic('Diary', { scoping: { user_scoped: true, scope_properties: ['day'] } }),
      topic('Profile', { is_bounded: true, scoping: { user_scoped: true } }),
    ]
    const answer = await put('work', { topics, $schema: 'x' })
    expect(answer).toMatchObject({
      status: 200,
      body: { name: 'work', scoping: { user_scoped: true, scope_properties: ['branch', 'day', 'repo'] } },
    })
    expect((await app.request('GET', '/v1/groups/by-name?name=work')).body).toEqual(answer.body)
    expect(answer.body).toHaveProperty('topics.0', topics[0])
    expect(answer.body).toHaveProperty('topics.2.scoping.scope_properties', [])
  })

  test('keeps what kind of statements a topic takes, and sorts by it', async () => {
    const scoping = { user_scoped: true, scope_properties: [] }
    const topics = [
      topic('All the rest', { scoping, kind: 'fact' }),
      topic('Liked', { scoping, kind: 'preference' }),
    ]
    const answer = await put('sorted', { topics })
    expect(answer.body).toMatchObject({ topics, version: 1 })
    expect((await put('sorted', { topics })).body).toMatchObject({ version: 1 })
    const texts = ['Mara plays chess. My car is blue.', 'I love sushi.']
    await app.finished(await app.add(texts, { group: 'sorted', user_id: 'mara' }))
    const memories = await app.list({ group: 'sorted', topics: ['Liked'] })
    expect(memories.map(({ content }) => content)).toEqual(['I love sushi.'])
    expect(await put('sorted', { topics: [topic('A', { kind: 'mood' })] })).toMatchObject({ status: 422 })
  })

  test.each([
    ['core-and-general', ['Core', 'General'], []],
    ['typed', ['Facts', 'Preferences', 'Episodes', 'Emotions', 'TemporalEvents'], ['customer_id']],
  ])('makes one from the template %s', async (template, names, properties) => {
    const { body } = await app.request<{ topics: { topic_name: string }[] }>(
      'PUT',
      `/v1/groups/${template}`,
      {
        template,
      },
    )
    expect(body).toMatchObject({ scoping: { user_scoped: true, scope_properties: properties } })
    expect(body.topics.map(({ topic_name }) => topic_name)).toEqual(names)
  })

  test('makes one from a template', async () => {
    const answer = await put('assistant', { template: 'personalization-with-summary', topics: null })
    expect(answer.body).toMatchObject({
      topics: [
        { topic_name: 'UserKnowledge', is_bounded: false },
        {
          topic_name: 'ConversationSummary',
          is_bounded: true,
          scoping: { scope_properties: ['conversation_id'] },
        },
      ],
    })
  })

  test('again replaces the topics and keeps the id', async () => {
    const first = await put('changing', { topics: [topic('One'), topic('Two')] })
    const second = await put('changing', { topics: [topic('Three')] })
    expect(second.body).toMatchObject({ group_id: first.body.group_id, topics: [{ topic_name: 'Three' }] })
  })

  test('keeps a pipeline that reads back as it was put, and counts versions', async () => {
    const steps = [
      { name: 'read', type: 'extract' },
      { name: 'place', type: 'transform', topics: ['Facts'] },
      { name: 'keep', type: 'commit' },
      { name: 'sum up', type: 'transform', topics: ['Digest'] },
      { name: 'keep digest', type: 'commit' },
    ]
    const topics = [topic('Facts'), topic('Digest', { is_bounded: true })]
    const first = await put('digests', { topics, pipeline: { steps } })
    expect(first).toMatchObject({ status: 200, body: { version: 1, pipeline: { steps } } })
    const { pipeline } = first.body
    expect(await put('digests', { topics, pipeline })).toEqual(first)
    expect((await put('digests', { topics })).body).toMatchObject({
      version: 2,
      pipeline: defaultGroup.pipeline,
    })
  })

  test('tells what is wrong with a pipeline at its step, and changes nothing', async () => {
    const topics = [topic('Facts')]
    const steps = [
      { name: 'read', type: 'extract' },
      { name: 'place', type: 'transform', next: 'nowhere' },
      { name: 'keep', type: 'commit' },
    ]
    const answer = await put('wrong', { topics, pipeline: { steps } })
    expect(answer).toMatchObject({
      status: 422,
      body: {
        code: 'invalid_body',
        detail: expect.stringContaining('body.pipeline.steps[1].next'),
        errors: [{ location: 'body.pipeline.steps[1].next', message: 'names no step of the pipeline' }],
      },
    })
    expect(await put('wrong', { topics, pipeline: { steps: [{ name: 'x', type: 'y' }] } })).toMatchObject({
      status: 422,
      body: { errors: [{ location: 'body.pipeline.steps[0].type' }] },
    })
    expect((await app.request('GET', '/v1/groups/by-name?name=wrong')).status).toBe(422)
  })

  test('leaves a topic that holds memories in its group and as it is scoped', async () => {
    await put('kept', { topics: [topic('Used'), topic('Unused')] })
    const items = [{ content: 'Kept.', topic: 'Used' }]
    await app.finished(await app.add({ pre_extracted: { items } }, { group: 'kept' }))
    for (const topics of [
      [topic('Unused')],
      [topic('Used', { scoping: { user_scoped: true } })],
      [topic('Used', { scoping: { user_scoped: false, scope_properties: ['day'] } })],
      [topic('Used', { is_bounded: true })],
    ])
      expect(await put('kept', { topics })).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect((await put('kept', { topics: [topic('Used', { description: 'Other words.' })] })).status).toBe(200)
    expect(await app.list({ group: 'kept' })).toHaveLength(1)
  })

  test.each([
    'name with spaces',
    'größe/été',
    '日本語 🐝',
    '__proto__',
    'by-name',
    'x'.repeat(256),
    'ü'.repeat(256),
  ])('takes the name %s', async (name) => {
    expect(await put(name, { topics: [topic('Any')] })).toMatchObject({ status: 200, body: { name } })
    const found = await app.request('GET', `/v1/groups/by-name?${new URLSearchParams({ name })}`)
    expect(found).toMatchObject({ status: 200, body: { name } })
  })

  test.each([
    ['neither topics nor template', {}, 400, 'invalid_request'],
    ['both', { topics: [topic('A')], template: 'personalization' }, 400, 'invalid_request'],
    ['a topic twice', { topics: [topic('A'), topic('A')] }, 400, 'invalid_request'],
    ['no topic', { topics: [] }, 422, 'invalid_body'],
    ['a template that is none', { template: 'nope' }, 422, 'invalid_body'],
    ['a topic without a name', { topics: [topic('')] }, 422, 'invalid_body'],
    ['a topic without a scoping', { topics: [topic('A', { scoping: null })] }, 422, 'invalid_body'],
    [
      'a property twice',
      { topics: [topic('A', { scoping: { user_scoped: true, scope_properties: ['k', 'k'] } })] },
      422,
      'invalid_body',
    ],
    ['an unknown member', { topics: [topic('A', { color: 'red' })] }, 422, 'invalid_body'],
    [
      'too many topics',
      { topics: Array.from({ length: 65 }, (_, number) => topic(`T${number}`)) },
      422,
      'invalid_body',
    ],
  ])('refuses %s', async (_name, body, status, code) => {
    expect(await put('refused', body)).toMatchObject({ status, body: { status, code } })
    expect((await app.request('GET', '/v1/groups/by-name?name=refused')).status).toBe(422)
  })
})

test('a property may have any name, also one that every object has', async () => {
  await put('odd', {
    topics: [topic('Odd', { scoping: { user_scoped: false, scope_properties: ['constructor'] } })],
  })
  const items = [{ content: 'Odd.', topic: 'Odd' }]
  const add = (properties: object) =>
    app.request('POST', '/v1/memories', { input: { pre_extracted: { items } }, group: 'odd', properties })
  expect(await add({})).toMatchObject({ status: 400, body: { code: 'missing_property' } })
  const { body } = await app.request<{ run_id: string }>('POST', '/v1/memories', {
    input: { pre_extracted: { items } },
    group: 'odd',
    properties: { constructor: 'Eiffel' },
  })
  await app.finished(body.run_id)
  expect(await app.list({ group: 'odd' })).toMatchObject([{ properties: { constructor: 'Eiffel' } }])
  expect(await app.list({ group: 'odd', properties: { constructor: 'Gaudí' } })).toEqual([])
})
