/** Nobody reads, finds or deletes what is another project's or another user's. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createProject } from '../../testing/factories.ts'
import { goMemoryClient } from '../../testing/gomemory-client.ts'
import { startTestApp } from '../../testing/test-app.ts'

let strangerKey = ''
const app = await startTestApp({
  loopbackProject: 'strangers',
  prepare: async (storage) => {
    strangerKey = (await createProject(storage, 'strangers')).key
  },
})
afterAll(app.stop)
const client = goMemoryClient(app)
const secret = 'The vault code is 4711.'
const messages = [
  { role: 'user', content: secret },
  { role: 'user', content: 'I live in Graz.' },
]
let reqId = ''

beforeAll(async () => {
  reqId = (await client.addMemory('ada', messages)).req_id
  await client.finished(reqId)
})

test('another project knows neither the user nor the job, and deletes nothing', async () => {
  const stranger = goMemoryClient(app, strangerKey)
  const all = await client.getAll('ada')
  expect(all).toHaveLength(2)
  const ids = all.map(({ memory_id }) => memory_id)
  await expect(stranger.getAll('ada')).rejects.toMatchObject({ status: 500 })
  await expect(stranger.getMemory('ada', { query: secret })).rejects.toMatchObject({ status: 500 })
  await expect(stranger.getStatus(reqId)).rejects.toMatchObject({ status: 500 })
  for (const type of ['core', 'general'] as const)
    await expect(stranger.remove(type, 'ada', ids)).rejects.toMatchObject({ status: 500 })
  const { req_id, msg } = await stranger.addMemory('ada', messages)
  expect([req_id, msg]).toEqual([reqId, expect.stringContaining('has been queued')])
  await stranger.finished(req_id)
  for (const { memory_id } of await stranger.getAll('ada')) expect(ids).not.toContain(memory_id)
  await expect(stranger.remove('general', 'ada', ids)).rejects.toMatchObject({ status: 500 })
  expect(await client.getAll('ada')).toEqual(all)
})

test('another user of the project finds nothing of it, and deletes nothing', async () => {
  const other = await client.createUser()
  const all = await client.getAll('ada')
  expect(await client.getAll(other)).toEqual([])
  expect(await client.getMemory(other, { query: secret })).toEqual([])
  const ids = all.map(({ memory_id }) => memory_id)
  await expect(client.remove('general', other, ids)).rejects.toMatchObject({ status: 500 })
  expect(await client.remove('core', other, ids)).toBe('Deletion was successful')
  expect(await client.getAll('ada')).toEqual(all)
})

test('a key does no more than it may', async () => {
  const { body } = await app.request<{ key: string }>('POST', '/v1/keys', { name: 'r', scopes: ['read'] })
  const reader = goMemoryClient(app, body.key)
  expect(await reader.getAll('ada')).toHaveLength(2)
  const attempts = [
    reader.createUser(),
    reader.addMemory('ada', messages),
    reader.remove('general', 'ada', ['x']),
  ]
  for (const attempt of attempts) await expect(attempt).rejects.toMatchObject({ status: 403 })
})

test('each way to hand over the key is taken; without one, this machine is let into the project that is named for it', async () => {
  const userId = await client.createUser()
  const read = async (headers: Record<string, string>) =>
    (await fetch(`${app.url}/get_all/${userId}`, { headers })).status
  expect(await read({ authorization: `Bearer ${app.key}` })).toBe(200)
  expect(await read({ 'x-api-key': app.key })).toBe(200)
  expect(await read({ authorization: `Basic ${btoa(`${app.key}:`)}` })).toBe(200)
  expect(await read({})).toBe(500)
  const local = goMemoryClient(app, null)
  const own = await local.createUser()
  expect(await goMemoryClient(app, strangerKey).getAll(own)).toEqual([])
  expect(await read({ origin: 'http://elsewhere.example' })).toBe(401)
})
