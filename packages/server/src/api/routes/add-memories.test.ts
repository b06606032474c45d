/** POST /v1/memories: what is taken, and how it is acknowledged. */
import { afterAll, describe, expect, test } from 'vitest'
import { echoExtractor } from '../../testing/fake-extractor.ts'
import { startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp({ extractor: echoExtractor })
afterAll(app.stop)

const post = (body: unknown, headers = {}) => app.request('POST', '/v1/memories', body, { headers })
const string = (...content: unknown[]) => ({ string: { content } })
const items = (...content: string[]) => ({
  pre_extracted: { items: content.map((one) => ({ content: one, topic: 'UserKnowledge' })) },
})

describe('an add', () => {
  test('is acknowledged with the id of a run that goes on by itself', async () => {
    const answer = await app.request<{ run_id: string }>('POST', '/v1/memories', {
      input: string('Mara keeps bees.', 'Mara moved to Graz in 2025.'),
      user_id: 'mara@example.org',
    })
    expect(answer).toMatchObject({ status: 200, body: { run_id: expect.any(String), status: 'running' } })
    expect(Object.keys(answer.body).sort()).toEqual(['run_id', 'status'])
    const run = await app.finished(answer.body.run_id)
    expect(run).toMatchObject({
      status: 'completed',
      input_type: 'string',
      counts: { inputs: 2, created: 2 },
    })
    const contents = (await app.list({ user_id: 'mara@example.org' })).map(({ content }) => content)
    expect(contents.sort()).toEqual(['Mara keeps bees.', 'Mara moved to Graz in 2025.'])
  })

  test.each([
    ['conversation', 0, { conversation: { messages: [{ role: 'user', content: 'I keep bees.' }] } }],
    ['string', 1, string('I keep bees.')],
    ['pre_extracted', 2, items('Keeps bees')],
  ] as const)('of a %s enters the pipeline at step %i', async (type, step, input) => {
    const run = await app.finished(await app.add(input, { user_id: type, root: type }))
    expect(run).toMatchObject({ input_type: type, starting_step: step, status: 'completed' })
  })

  test('may hold everything the wire knows of a conversation', async () => {
    const at = '2026-11-01T08:00:00Z'
    const call = { name: 'wx', arguments: '{"city":"Graz"}' }
    const conversation = {
      created_at: at,
      updated_at: at,
      metadata: { channel: 'web', nothing: null, nested: { list: [1, null, { deep: true }] } },
      messages: [
        { role: 'developer', content: 'Be brief.' },
        {
          role: 'user',
          content: 'Weather in Graz?',
          created_at: '2026-11-01T09:00:01+01:00',
          id: 'm-1',
          name: 'Mara',
        },
        {
          role: 'assistant',
          content: '',
          tool_calls: [
            { id: 't1', type: 'function', function: call },
            { id: 't2', type: 'custom', custom: { name: 'note', input: 'asked' } },
          ],
        },
        { role: 'tool', tool_call_id: 't1', name: 'wx', content: '4 C, fog' },
        { role: 'system', content: null, tool_calls: null, name: null, created_at: null },
        { role: 'assistant' },
      ],
    }
    const run = await app.finished(await app.add({ conversation }, { user_id: 'weather' }))
    expect(run).toMatchObject({ status: 'completed', counts: { inputs: 1 } })
  })

  test('takes null for what is optional, at every depth', async () => {
    const body = {
      input: {
        string: { content: ['Null is nothing.'], created_at: null },
        conversation: null,
        pre_extracted: null,
      },
      user_id: 'nobody in particular',
      group: null,
      properties: null,
      root: null,
      conversation_id: null,
      $schema: 'https://example.org/schemas/Add.json',
    }
    expect((await post(body)).status).toBe(200)
  })

  test('takes an empty map of properties, as clients send it', async () => {
    expect((await post({ input: string('x'), user_id: 'u', properties: {} })).status).toBe(200)
  })

  test('takes the conversation_id of older clients, where no topic is scoped by it, as nothing', async () => {
    const run = await app.finished(await app.add('Older.', { user_id: 'older', conversation_id: 'c-1' }))
    expect(run.status).toBe('completed')
    expect((await app.list({ user_id: 'older' }))[0]).not.toHaveProperty('conversation_id')
  })

  test('of extracted items asks for what the topics of the items need', async () => {
    await app.request('PUT', '/v1/groups/mixed', {
      topics: [
        { topic_name: 'Shared', description: '', is_bounded: false, scoping: { user_scoped: false } },
        { topic_name: 'Own', description: '', is_bounded: false, scoping: { user_scoped: true } },
      ],
    })
    const item = (topic: string) => ({
      group: 'mixed',
      input: { pre_extracted: { items: [{ content: 'x', topic }] } },
    })
    expect((await post(item('Shared'))).status).toBe(200)
    expect(await post(item('Own'))).toMatchObject({ status: 400, body: { code: 'missing_user' } })
    expect(await post({ input: string('x'), group: 'mixed' })).toMatchObject({ status: 400 })
  })
})

test.each([
  ['2026-11-01T08:00:00Z', '2026-11-01T08:00:00.000Z'],
  ['2026-11-01T09:30:00.25+01:30', '2026-11-01T08:00:00.250Z'],
  ['2026-11-01t08:00:00z', '2026-11-01T08:00:00.000Z'],
  ['1969-07-20T20:17:40Z', '1969-07-20T20:17:40.000Z'],
  ['0001-01-01T00:00:00.123456789Z', '0001-01-01T00:00:00.123Z'],
])('what was said at %s is known as of %s', async (created_at, said_at) => {
  const user_id = `heard of ${said_at}, written ${created_at.length} ${/t/.test(created_at)}`
  await app.finished(await app.add({ string: { content: ['Said then.'], created_at } }, { user_id }))
  expect(await app.list({ user_id })).toMatchObject([{ sources: [{ said_at }] }])
})
