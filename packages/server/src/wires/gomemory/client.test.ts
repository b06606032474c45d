/** A day in the life of a client of this API: what its documentation shows, step by step. */
import { expect, test } from 'vitest'
import { goMemoryClient } from '../../testing/gomemory-client.ts'
import { type RunBody, startTestApp } from '../../testing/test-app.ts'

test('a client signs a user up, adds a conversation, waits for it, and remembers', async () => {
  await using app = await startTestApp()
  const client = goMemoryClient(app)
  expect(await client.healthCheck()).toMatchObject({ message: 'Server is healthy!' })

  const userId = await client.createUser()
  expect(userId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(await client.getAll(userId)).toEqual([])
  expect(await client.getCore(userId)).toEqual([])
  expect(await client.getMemory(userId, { query: 'anything' })).toEqual([])

  const { req_id, msg } = await client.addMemory(userId, [
    { role: 'user', content: "Hi! I'm Sophie and I work as a nurse in Lyon." },
    { role: 'model', content: 'Nice to meet you, Sophie!' },
    { role: 'user', content: 'I am learning the cello. My dog is called Rex.' },
  ])
  expect(msg).toBe('Memory Insertion Job has been queued for insertion!')
  const status = await client.finished(req_id)
  expect(status).toEqual({ status: 'success', error: null, created_at: expect.stringMatching(/^\d{4}-.+Z$/) })
  expect(Date.parse(status.created_at)).toBeGreaterThan(Date.now() - 60_000)

  const all = await client.getAll(userId)
  expect(all.map(({ type, memory_text }) => [type, memory_text])).toEqual([
    ['core', "User: I'm Sophie and I work as a nurse in Lyon."],
    ['general', 'User: I am learning the cello.'],
    ['general', 'User: My dog is called Rex.'],
  ])
  expect(new Set(all.map((memory) => memory.userId))).toEqual(new Set([userId]))
  expect(await client.getCore(userId)).toEqual(all.slice(0, 1))

  const found = await client.getMemory(userId, { query: 'What is my dog called?' })
  expect(found.map(({ type }) => type)).toEqual(['general', 'core'])
  expect(found[0]?.memory_text).toContain('Rex')
  const asked = await client.getMemory(userId, {
    messages: [{ role: 'user', content: 'Shall I practise the cello today?' }],
    core: false,
  })
  expect(asked.map(({ memory_text }) => memory_text)).toEqual(['User: I am learning the cello.'])

  const dog = found[0]?.memory_id ?? ''
  expect(await client.remove('general', userId, [dog])).toBe('Deletion was successful')
  expect((await client.getAll(userId)).map(({ memory_id }) => memory_id)).not.toContain(dog)
})

test('the same conversation again is the same job; the library refuses a query beside messages by itself', async () => {
  await using app = await startTestApp()
  const client = goMemoryClient(app)
  const userId = await client.createUser()
  const messages = [{ role: 'user', content: 'I keep bees.' }]
  const first = await client.addMemory(userId, messages)
  const second = await client.addMemory(userId, messages)
  expect(second).toEqual({
    req_id: first.req_id,
    msg: 'Memory Insertion Job is already queued or processed successfully!',
  })
  await client.finished(first.req_id)
  expect((await client.addMemory(userId, messages)).msg).toBe(second.msg)
  expect(await client.getAll(userId)).toHaveLength(1)
  await expect(client.getMemory(userId, { query: 'bees', messages })).rejects.toThrow(RangeError)
})

test('what is done here is natively visible: runs of this wire, the group, the users', async () => {
  await using app = await startTestApp()
  const client = goMemoryClient(app)
  const userId = await client.createUser()
  await client.finished((await client.addMemory(userId, [{ role: 'user', content: 'I keep bees.' }])).req_id)
  const [memory] = await client.getAll(userId)
  await client.remove('general', userId, [memory?.memory_id ?? ''])
  const { body } = await app.request<{ runs: RunBody[] }>('GET', '/v1/runs')
  expect(body.runs.map(({ wire, input_type }) => [wire, input_type])).toEqual([
    ['gomemory', 'delete'],
    ['gomemory', 'conversation'],
  ])
  const group = await app.request('GET', '/v1/groups/gomemory')
  expect(group.body).toMatchObject({
    topics: [
      { topic_name: 'Core', kind: 'identity' },
      { topic_name: 'General', kind: 'fact' },
    ],
  })
  expect((await app.request('GET', `/v1/users/${userId}`)).status).toBe(200)
  const metrics = (await app.request('GET', '/metrics')).text
  expect(metrics).toContain('remanence_runs_accepted_total{input_type="conversation",wire="gomemory"} 1')
  const undone = await app.request<RunBody>('POST', `/v1/runs/${body.runs[0]?.run_id}/undo`, {})
  await app.finished(undone.body.run_id)
  expect(await client.getAll(userId)).toEqual([memory])
})
