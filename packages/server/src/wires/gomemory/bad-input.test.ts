/** What is wrong is said in the words of this API, loses nothing and changes nothing; what is only unusual is taken. */
import { afterAll, describe, expect, test } from 'vitest'
import { BATCH_COUNT_MAX, TEXT_LENGTH_MAX } from '../../kernel/limits.ts'
import { goMemoryClient } from '../../testing/gomemory-client.ts'
import { startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp({ limits: { bodyBytesMax: 400_000 } })
afterAll(app.stop)
const client = goMemoryClient(app)

const post = async (path: string, body: unknown, headers?: Readonly<Record<string, string>>) => {
  const answer = await app.request<{ Error?: string }>('POST', path, body, headers && { headers })
  return [answer.status, answer.body] as const
}

const message = { role: 'user', content: 'I keep bees.' }
const unreadable = [
  ...['', ' ', '{', '{"userId": "u", "messages": [', '[]', '5', '"text"', 'nullx', 'x{}', '{"userId" "u"}'],
  ...['{"userId": 5}', '{"userId": "u", "messages": {}}', '{"userId": "u", "messages": ["text"]}'],
  ...['{"userId": "u", "messages": [{"role": "user", "content": 5}]}', '{"userId": ["u"]}'],
]

describe('a body that cannot be read', () => {
  test.each(unreadable)('POST /add_memory %s', async (body) => {
    expect(await post('/add_memory', body)).toEqual([400, { Error: 'Request format is wrong' }])
  })

  test.each([...unreadable, '{"threshold": "high"}', '{"core": "yes"}', '{"query": 5}'])(
    'POST /get_memory %s',
    async (body) => {
      expect(await post('/get_memory', body)).toEqual([
        400,
        { Error: 'Malformed JSON here in the Get Memory request' },
      ])
    },
  )

  test.each([
    '',
    '[]',
    '{"userId": 5}',
    '{"userId": "u", "memoryId": "x"}',
    '{"userId": "u", "memoryId": [5]}',
  ])('POST /delete_memory %s', async (body) => {
    for (const path of ['/delete_memory', '/delete_memory/general', '/delete_memory/core'])
      expect(await post(path, body)).toEqual([400, { Error: 'Bad request' }])
  })

  test('POST /create/user does not look at it', async () => {
    for (const body of ['', '{', 'text', '[1]']) expect((await post('/create/user', body))[0]).toBe(200)
  })
})

test.each([
  [{ userId: 'u' }, 'No messages provided'],
  [{ userId: 'u', messages: null }, 'No messages provided'],
  [{ userId: 'u', messages: [] }, 'No messages provided'],
  [null, 'No messages provided'],
  [{ messages: [message] }, 'No userId provided'],
  [{ userId: ' ', messages: [message] }, 'No userId provided'],
  [
    { userId: 'u'.repeat(257), messages: [message] },
    'The userId must be printable text of at most 256 characters.',
  ],
  [{ userId: 'u\n', messages: [message] }, 'The userId must be printable text of at most 256 characters.'],
  [
    { userId: 'u', messages: Array.from({ length: BATCH_COUNT_MAX + 1 }, () => message) },
    'There are more than 1000 messages: send them in parts.',
  ],
  [
    { userId: 'u', messages: [message, { role: 'user', content: 'x'.repeat(TEXT_LENGTH_MAX + 1) }] },
    'messages[1] has more than 100000 characters.',
  ],
  [{ userId: 'u', messages: [{ role: 'user', content: 'a\0b' }] }, expect.stringContaining('NUL')],
  ['{"userId":"u","messages":[{"role":"user","content":"\\ud800"}]}', expect.stringContaining('surrogate')],
])('an add that cannot be taken is refused with the reason: %#', async (body, sentence) => {
  expect(await post('/add_memory', body)).toEqual([400, { Error: sentence }])
  expect(await app.request('GET', '/v1/runs')).toMatchObject({ body: { runs: [] } })
})

test.each([
  [{ userId: 'u' }, 'Neither user query nor user messages was provided'],
  [{ userId: 'u', query: '' }, 'Neither user query nor user messages was provided'],
  [{ userId: 'u', query: null, messages: null }, 'Neither user query nor user messages was provided'],
  [{ userId: 'u', messages: [] }, 'Need atleast one message'],
])('a search for nothing: %j', async (body, sentence) => {
  expect(await post('/get_memory', body)).toEqual([400, { Error: sentence }])
})

test.each(['/get_status/', '/get_all/', '/get_core/'])('no id: %s', async (path) => {
  for (const id of ['', '%20', '%22%22', "''", '%22%27%20'])
    expect(await app.request('GET', `${path}${id}`)).toMatchObject({
      status: 400,
      text: '{"Error":"Bad Request"}\n',
    })
})

test('too many ids to delete, and a body that is too large', async () => {
  const memoryId = Array.from({ length: BATCH_COUNT_MAX + 1 }, (_, index) => `${index}`)
  expect(await post('/delete_memory/core', { userId: 'u', memoryId })).toEqual([
    400,
    { Error: 'There are more than 1000 ids: send them in parts.' },
  ])
  expect(await post('/add_memory', 'x'.repeat(400_001))).toEqual([413, { Error: expect.any(String) }])
})

test('a search that is out of the ordinary is answered', async () => {
  const userId = await client.createUser()
  for (const given of [{ query: 'x'.repeat(20_000) }, { query: '  ' }, { threshold: -1 }, { threshold: 7 }])
    expect(await post('/get_memory', { userId, query: 'x', ...given })).toEqual([200, []])
  expect(await post('/get_memory', { userId, messages: [{}] })).toEqual([200, []])
  expect(await post('/get_memory', { userId, messages: [null] })).toEqual([200, []])
})

describe('lenient reading', () => {
  const text = (userId: string) =>
    `{"USERID":"${userId}","extra":{"x":[1]},"Messages":[{"Role":"USER","CONTENT":"I said \\"{[\\" and keep bees.","id":7}]}`

  test.each([
    ['another case, unknown members', 'l-1', ''],
    ['something behind the first value', 'l-2', ' trailing } [ text \xff'],
    ['a second value', 'l-3', '{"userId":"somebody else"}'],
  ])('%s', async (_what, userId, behind) => {
    const [status] = await post('/add_memory', text(userId) + behind)
    expect(status).toBe(200)
    const { body } = await app.request<{ runs: { run_id: string }[] }>('GET', `/v1/runs?user_id=${userId}`)
    await app.finished(body.runs[0]?.run_id ?? '')
    expect(await client.getAll(userId)).toMatchObject([{ memory_text: 'User: I said "{[" and keep bees.' }])
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'nonsense'])(
    'the content type %s',
    async (type) => {
      const { status } = await app.request('POST', '/create/user', '{}', {
        headers: { 'content-type': type },
      })
      expect(status).toBe(200)
      const body = { userId: `typed ${type}`, messages: [message] }
      expect((await post('/add_memory', body, { 'content-type': type }))[0]).toBe(200)
    },
  )

  test('no content type at all', async () => {
    const response = await fetch(`${app.url}/get_memory`, {
      method: 'POST',
      headers: { authorization: `Bearer ${app.key}` },
      body: new Blob([JSON.stringify({ userId: 'l-1', query: 'bees' })]),
    })
    expect([response.status, await response.json()]).toEqual([
      200,
      [expect.objectContaining({ type: 'general' })],
    ])
  })
})
