/** POST /v1/memories/search: ways to retrieve, and whose memories come back. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type MemoryBody, startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp()
afterAll(app.stop)

type Found = { readonly memories: readonly MemoryBody[]; readonly total: number }
const search = (body: object) =>
  app.request<Found>('POST', '/v1/memories/search', { query: 'bees', user_id: 'mara', ...body })
const contents = async (body: object) =>
  (await search(body)).body.memories.map(({ content }) => content).sort()

const item = (topic: string, content: string) => ({ pre_extracted: { items: [{ content, topic }] } })
const topic = (topic_name: string, user_scoped: boolean, scope_properties: string[] = []) => ({
  topic_name,
  description: topic_name,
  is_bounded: false,
  scoping: { user_scoped, scope_properties },
})

beforeAll(async () => {
  const facts = ['Mara keeps bees.', 'Mara moved to Graz in 2025.', 'Mara sells honey at the market.']
  for (const fact of facts) await app.finished(await app.add(item('UserKnowledge', fact)))
  await app.finished(await app.add(item('UserKnowledge', 'Jon fears bees.'), { user_id: 'jon' }))
  await app.request('PUT', '/v1/groups/house', {
    topics: [topic('Rules', false), topic('Diary', true, ['day', 'mood']), topic('Plans', true, ['day'])],
  })
  const group = 'house'
  const entries = [
    ['Rules', 'Bees stay outside.', {}],
    ['Diary', 'Monday bees were calm.', { day: 'mon', mood: 'good' }],
    ['Diary', 'Tuesday bees were angry.', { day: 'tue', mood: 'bad' }],
    ['Plans', 'Monday plan: feed the bees.', { day: 'mon' }],
    ['Plans', 'Tuesday plan: move the bees.', { day: 'tue' }],
  ] as const
  for (const [name, content, properties] of entries)
    await app.finished(await app.add(item(name, content), { group, properties }))
})

describe('retrieval', () => {
  test.each(['vector', 'bm25', 'hybrid'])(
    '%s puts the best first, with a score from 0 to 1',
    async (retrieval_type) => {
      const { status, body } = await search({ query: 'honey market', retrieval_config: { retrieval_type } })
      expect([status, body.memories[0]?.content]).toEqual([200, 'Mara sells honey at the market.'])
      const scores = body.memories.map(({ score = -1 }) => score)
      expect(scores).toEqual([...scores].sort((a, b) => b - a))
      expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true)
      expect(body.total).toBe(body.memories.length)
    },
  )

  test('bm25 finds nothing for foreign words', async () => {
    const retrieval_config = { retrieval_type: 'bm25' }
    expect((await search({ query: 'xylophone quartz', retrieval_config })).body).toMatchObject({
      memories: [],
      total: 0,
    })
  })

  test('fetch ignores the query and takes the newest', async () => {
    const retrieval_config = { retrieval_type: 'fetch', limit: 1 }
    expect(await contents({ query: 'xylophone', retrieval_config })).toEqual([
      'Mara sells honey at the market.',
    ])
  })

  test('hybrid and a limit of 10 are what an absent configuration means', async () => {
    const many = Array.from({ length: 12 }, (_, number) => ({
      content: `Bee number ${number} hums.`,
      topic: 'UserKnowledge',
    }))
    await app.finished(await app.add({ pre_extracted: { items: many } }, { user_id: 'swarm' }))
    const of = (body: object) => search({ query: 'bee hums', user_id: 'swarm', ...body })
    const answers = await Promise.all([
      of({}),
      of({ retrieval_config: null }),
      of({ retrieval_config: { retrieval_type: 'hybrid', limit: null } }),
      of({ retrieval_config: { retrieval_type: 'hybrid', limit: 10 } }),
    ])
    expect(answers.map(({ body }) => body.total)).toEqual([10, 10, 10, 10])
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect((await of({ retrieval_config: { retrieval_type: 'hybrid', limit: 100 } })).body.total).toBe(12)
  })

  test.each([
    [{ query: '' }, 422, 'invalid_body'],
    [{ query: null }, 422, 'invalid_body'],
    [{ retrieval_config: {} }, 422, 'invalid_body'],
    [{ retrieval_config: { retrieval_type: 'magic' } }, 400, 'invalid_request'],
    [{ retrieval_config: { retrieval_type: 'Hybrid' } }, 400, 'invalid_request'],
    [{ retrieval_config: { retrieval_type: 'hybrid', limit: 0 } }, 422, 'invalid_body'],
    [{ retrieval_config: { retrieval_type: 'hybrid', limit: 101 } }, 422, 'invalid_body'],
    [{ retrieval_config: { retrieval_type: 'hybrid', alpha: 0.5 } }, 422, 'invalid_body'],
    [{ limit: 5 }, 422, 'invalid_body'],
    [{ group: 'nope' }, 422, 'unknown_group'],
    [{ topics: ['userknowledge'] }, 422, 'unknown_topic'],
    [{ topics: [{ name: 'Nope' }] }, 422, 'unknown_topic'],
    [{ topics: [{}] }, 422, 'invalid_body'],
    [{ properties: { colour: 'red' } }, 400, 'unknown_property'],
    [{ user_id: null }, 400, 'missing_user'],
  ])('%j is refused with %i %s', async (body, status, code) => {
    expect(await search(body)).toMatchObject({ status, body: { status, code } })
  })
})

describe('whose memories', () => {
  test('those of the user, whatever the case of the id', async () => {
    expect(await contents({ user_id: 'MARA' })).toEqual(await contents({ user_id: 'mara' }))
    expect(await contents({ user_id: 'jon' })).toEqual(['Jon fears bees.'])
  })

  test('nothing for a user nobody has written for', async () => {
    expect((await search({ user_id: 'stranger' })).body).toMatchObject({ memories: [], total: 0 })
  })

  test('never those of another group', async () => {
    expect(await contents({ query: 'Monday', retrieval_config: { retrieval_type: 'bm25' } })).toEqual([])
  })

  test('project-wide topics need no user, and all topics together do', async () => {
    expect(await contents({ group: 'house', user_id: null, topics: ['Rules'] })).toEqual([
      'Bees stay outside.',
    ])
    expect(await search({ group: 'house', user_id: null })).toMatchObject({
      status: 400,
      body: { code: 'missing_user' },
    })
  })

  test('null, or no, topics are all of the group', async () => {
    expect(await contents({ group: 'house', topics: null })).toHaveLength(5)
    expect(await contents({ group: 'house' })).toHaveLength(5)
  })
})

describe('filters', () => {
  const house = (body: object) => contents({ group: 'house', ...body })

  test('a topic is asked for by its name, or by an object with it', async () => {
    const monday = 'Monday plan: feed the bees.'
    const tuesday = 'Tuesday plan: move the bees.'
    expect(await house({ topics: ['Plans'] })).toEqual([monday, tuesday])
    expect(await house({ topics: [{ name: 'Plans', properties: null }] })).toEqual([monday, tuesday])
    expect(await house({ topics: [{ name: 'Plans', anything: 'else' }] })).toEqual([monday, tuesday])
  })

  test('a property narrows the topics scoped by it and leaves the others alone', async () => {
    expect(await house({ properties: { day: 'mon' } })).toEqual([
      'Bees stay outside.',
      'Monday bees were calm.',
      'Monday plan: feed the bees.',
    ])
    expect(await house({ properties: { mood: 'bad' } })).toHaveLength(4)
    expect(await house({ properties: { day: 'sun' } })).toEqual(['Bees stay outside.'])
  })

  test('a topic may override the property, add to it, or clear it', async () => {
    const properties = { day: 'mon' }
    const plans = (own: object) =>
      house({ topics: ['Diary', { name: 'Plans', properties: own }], properties })
    expect(await plans({ day: 'tue' })).toEqual(['Monday bees were calm.', 'Tuesday plan: move the bees.'])
    expect(await plans({ day: null })).toHaveLength(3)
    expect(await plans({})).toEqual(['Monday bees were calm.', 'Monday plan: feed the bees.'])
    const diary = { name: 'Diary', properties: { mood: 'bad' } }
    expect(await house({ topics: [diary], properties })).toEqual([])
  })

  test('a topic filters only by what it is scoped by', async () => {
    const topics = [{ name: 'Plans', properties: { mood: 'bad' } }]
    expect(await search({ group: 'house', topics })).toMatchObject({
      status: 400,
      body: { code: 'unknown_property' },
    })
  })
})
