/** Bodies, statuses and headers of every route, to the letter. */
import { v5 } from 'uuid'
import { afterAll, expect, test } from 'vitest'
import { goMemoryClient } from '../../testing/gomemory-client.ts'
import { startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp()
afterAll(app.stop)
const client = goMemoryClient(app)

const post = (path: string, body?: unknown) => app.request('POST', path, body)
const get = (path: string) => app.request('GET', path)
const remember = async (userId: string, ...contents: readonly string[]) => {
  const messages = contents.map((content) => ({ role: 'user', content }))
  return client.finished((await client.addMemory(userId, messages)).req_id)
}
const said = (text: string) => ({ messages: [{ role: 'user', content: text }] })
const problemOf = ({ status, text }: { status: number; text: string }) => [status, text]

test('a body is one JSON value with a newline behind it, and JSON by its type', async () => {
  const answers = [
    await post('/create/user'),
    await get('/get_status/%22%22'),
    await post('/add_memory', '{'),
  ]
  for (const { text, headers } of answers) {
    expect(text).toMatch(/^\{[^\n]*\}\n$/)
    expect(headers.get('content-type')).toBe('application/json')
  }
  expect(problemOf(answers[1] ?? { status: 0, text: '' })).toEqual([400, '{"Error":"Bad Request"}\n'])
})

test('an added conversation is 200, with the id that everybody can work out', async () => {
  const messages = [
    { role: 'user', content: 'I sing. ' },
    { role: 'model', content: 'Ça va? 🎵' },
  ]
  const id = v5(`I sing. Ça va? 🎵u-1`, v5.URL.replace('6ba7b811', '6ba7b812'))
  const { status, text } = await post('/add_memory', { userId: 'u-1', messages })
  expect(status).toBe(200)
  expect(text).toBe(`{"ReqId":"${id}","Msg":"Memory Insertion Job has been queued for insertion!"}\n`)
  await client.finished(id)
  const again = await post('/add_memory', { userId: 'u-1', messages })
  expect(again.text).toBe(
    `{"ReqId":"${id}","Msg":"Memory Insertion Job is already queued or processed successfully!"}\n`,
  )
})

test('the id of a known text is what uuid5 of the object namespace gives elsewhere', async () => {
  // Python: uuid.uuid5(uuid.NAMESPACE_OID, "Hello" + "world" + "alice")
  const messages = [
    { role: 'user', content: 'Hello' },
    { role: 'model', content: 'world' },
  ]
  const { body } = await post('/add_memory', { userId: 'alice', messages })
  expect(body).toMatchObject({ ReqId: '8d1c666a-3c1a-5f15-a83c-d849c06624e7' })
})

test('a status has its members in order, and no error unless it failed', async () => {
  const { req_id } = await client.addMemory('u-2', said('I paint.').messages)
  await client.finished(req_id)
  const { status, text } = await get(`/get_status/${req_id}`)
  expect([status, text]).toEqual([
    200,
    expect.stringMatching(/^\{"status":"success","createdAt":"\d{4}-\d\d-\d\dT[\d:.]+Z"\}\n$/),
  ])
  expect((await get(`/get_status/%20%22${req_id}'%20`)).text).toBe(text)
})

test('an id that nobody knows has the one text there is for it', async () => {
  const unknown = 'We are experiencing some techincal issues right now. Please try again after some time!'
  const userId = await client.createUser()
  for (const id of [v5('x', v5.URL), userId, 'nonsense', 'a%2Fb', '%F0%9F%8E%B5']) {
    expect(problemOf(await get(`/get_status/${id}`))).toEqual([
      500,
      `${JSON.stringify({ Error: unknown })}\n`,
    ])
  }
})

test('memories have four members, general ones come first when they are searched, core ones when all are told', async () => {
  await remember('u-3', 'I live in Graz.', 'I keep bees.')
  const all = await get('/get_all/u-3')
  const memory = (text: string, type: string) =>
    `{"memory_text":"User: ${text}","type":"${type}","memory_id":"<id>","userId":"u-3"}`
  const shown = ({ text }: { text: string }) =>
    text.replace(/"memory_id":"[0-9a-f-]{36}"/g, '"memory_id":"<id>"')
  const [core, general] = [memory('I live in Graz.', 'core'), memory('I keep bees.', 'general')]
  expect(shown(all)).toBe(`[${core},${general}]\n`)
  expect(shown(await get('/get_core/u-3'))).toBe(`[${core}]\n`)
  const query = { userId: 'u-3', query: 'bees' }
  expect(shown(await post('/get_memory', query))).toBe(`[${general},${core}]\n`)
  expect(shown(await post('/retrieve_memory', { ...query, core: null }))).toBe(`[${general},${core}]\n`)
  expect(shown(await post('/get_memory', { ...query, core: false, threshold: 0 }))).toBe(`[${general}]\n`)
  expect(shown(await post('/get_memory', { ...query, ReqId: 'x', query: 'snow' }))).toBe(`[${core}]\n`)
})

test('messages go before a query', async () => {
  await remember('u-4', 'I keep bees.', 'I collect stamps.')
  const found = await post('/get_memory', { userId: 'u-4', query: 'bees', ...said('stamps') })
  expect(found.body).toMatchObject([{ memory_text: 'User: I collect stamps.' }])
  const empty = await post('/get_memory', { userId: 'u-4', query: 'bees', messages: [] })
  expect(empty.body).toMatchObject([{ memory_text: 'User: I keep bees.' }])
})

test('a fresh user has nothing, and one nobody has seen is an error of its own on each route', async () => {
  const fresh = await client.createUser()
  for (const path of [`/get_all/${fresh}`, `/get_core/${fresh}`]) expect((await get(path)).text).toBe('[]\n')
  expect((await post('/get_memory', { userId: fresh, query: 'x' })).text).toBe('[]\n')
  const errors = await Promise.all([
    get('/get_all/nobody'),
    get('/get_core/nobody'),
    post('/get_memory', { userId: 'nobody', query: 'x' }),
    post('/get_memory', { query: 'x' }),
    post('/delete_memory/general', { userId: 'nobody', memoryId: ['x'] }),
    post('/delete_memory/core', { userId: 'nobody', memoryId: [] }),
  ])
  expect(errors.map(({ status, body }) => [status, body])).toEqual(
    [
      'Failed to get all user memories',
      'Oops something went wrong! Please try again later!',
      'Memory Retrieval Failed!',
      'Memory Retrieval Failed!',
      'Deletion failed',
      'Deletion failed',
    ].map((sentence) => [500, { Error: sentence }]),
  )
})

test('deletions by type: what is unknown is passed over, and nothing known is a failure where it was one', async () => {
  await remember('u-5', 'I live in Graz.', 'I keep bees.', 'I collect stamps.')
  const [core, bees, stamps] = (await client.getAll('u-5')).map(({ memory_id }) => memory_id)
  const remove = async (path: string, memoryId: readonly (string | undefined)[]) => {
    const { status, body } = await post(path, { userId: 'u-5', memoryId })
    return [status, body]
  }
  const [good, failed] = [
    [200, { message: 'Deletion was successful' }],
    [500, { Error: 'Deletion failed' }],
  ]
  expect(await remove('/delete_memory/general', [])).toEqual(failed)
  expect(await remove('/delete_memory/general', ['nonsense', v5('x', v5.URL)])).toEqual(failed)
  expect(await remove('/delete_memory/general', [core])).toEqual(failed)
  expect(await remove('/delete_memory/core', [bees, 'nonsense'])).toEqual(good)
  expect(await client.getAll('u-5')).toHaveLength(3)
  expect(await remove('/delete_memory/general', [bees, bees, 'nonsense'])).toEqual(good)
  expect(await remove('/delete_memory/core', [core])).toEqual(good)
  expect(await remove('/delete_memory', [stamps])).toEqual(good)
  expect(await remove('/delete_memory', [stamps])).toEqual(failed)
  expect(await client.getAll('u-5')).toEqual([])
})

test('HEAD is answered where GET is, and another method with those there are', async () => {
  const userId = await client.createUser()
  for (const path of [`/get_all/${userId}`, `/get_core/${userId}`, '/health']) {
    const headers = { authorization: `Bearer ${app.key}` }
    const answer = await fetch(`${app.url}${path}`, { method: 'HEAD', headers })
    expect([answer.status, await answer.text()]).toEqual([200, ''])
  }
  const wrong = [
    ['GET', '/create/user', 'POST'],
    ['PUT', '/add_memory', 'POST'],
    ['DELETE', '/get_memory', 'POST'],
    ['OPTIONS', '/delete_memory/core', 'POST'],
    ['POST', '/get_status/x', 'GET, HEAD'],
    ['PATCH', '/get_all/x', 'GET, HEAD'],
    ['POST', '/get_core/x', 'GET, HEAD'],
  ] as const
  for (const [method, path, allow] of wrong) {
    const { status, headers, text } = await app.request(method, path)
    expect([status, headers.get('allow'), text]).toEqual([405, allow, 'Method Not Allowed\n'])
    expect(headers.get('content-type')).toMatch(/^text\/plain/)
  }
  expect(await get('/get_nothing/x')).toMatchObject({ status: 404, text: '404 page not found' })
})
