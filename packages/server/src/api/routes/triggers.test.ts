import { afterAll, beforeAll, expect, test } from 'vitest'
import { TRIGGER_COUNT_MAX } from '../../kernel/limits.ts'
import { startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp()
afterAll(app.stop)

type TriggerBody = { trigger_id: string; prefix: string; token: string; code: string }
let agentId = ''
beforeAll(async () => {
  agentId = (await app.request<{ id: string }>('POST', '/v1/agents', { name: 'concierge' })).body.id
})
const create = (over: object = {}) =>
  app.request<TriggerBody>('POST', '/v1/triggers', {
    ...{ name: 'from the shop', target: { type: 'agent', id: agentId } },
    ...over,
  })
const remove = (id: string) => app.request('DELETE', `/v1/triggers/${id}`)

test('a trigger shows its token once, and its secret never', async () => {
  const { status, body, text } = await create({ secret: 'a secret of the shop' })
  expect(status).toBe(201)
  expect(body.token).toMatch(/^trg_[\w-]{43}$/)
  expect(body.token.startsWith(body.prefix)).toBe(true)
  const { token, ...shown } = body
  expect(shown).toMatchObject({ signed: true, target: { type: 'agent', id: agentId }, last_used_at: null })
  const listed = await app.request('GET', '/v1/triggers')
  expect(listed.body).toEqual({ triggers: [shown] })
  expect(listed.text).not.toContain(token)
  expect(text + listed.text).not.toContain('a secret of the shop')
  expect(await remove(body.trigger_id)).toMatchObject({ status: 204 })
  expect(await remove(body.trigger_id)).toMatchObject({ status: 404 })
})

test('two tokens are never the same, and what they run must be there', async () => {
  const made = [await create(), await create()].map(({ body }) => body)
  expect(made[0]?.token).not.toBe(made[1]?.token)
  for (const { trigger_id } of made) await remove(trigger_id)
  const target = { type: 'tool', id: agentId }
  expect(await create({ target })).toMatchObject({ status: 404, body: { code: 'not_found' } })
  const gone = (await app.request<{ id: string }>('POST', '/v1/agents', { name: 'gone' })).body.id
  await app.request('DELETE', `/v1/agents/${gone}`)
  expect(await create({ target: { type: 'agent', id: gone } })).toMatchObject({
    status: 409,
    body: { code: 'conflict' },
  })
})

test('a project has so many triggers and no more', async () => {
  const made = await Promise.all(Array.from({ length: TRIGGER_COUNT_MAX }, () => create()))
  expect(made.every(({ status }) => status === 201)).toBe(true)
  expect(await create()).toMatchObject({ status: 409, body: { code: 'limit_reached' } })
})

test('a secret is set, listed by name, replaced and deleted, and nothing answers its value', async () => {
  const set = (name: string, value: string) => app.request('PUT', `/v1/secrets/${name}`, { value })
  expect(await set('SHOP_KEY', 'value-4711')).toMatchObject({ status: 200, body: { name: 'SHOP_KEY' } })
  const answers = [await set('SHOP_KEY', 'value-4712'), await app.request('GET', '/v1/secrets')]
  expect(answers[1]?.body).toEqual({ secrets: [{ name: 'SHOP_KEY', updated_at: expect.any(String) }] })
  expect(answers.map(({ text }) => text).join()).not.toContain('value-47')
  expect((await app.request('DELETE', '/v1/secrets/SHOP_KEY')).status).toBe(204)
  expect((await app.request('DELETE', '/v1/secrets/SHOP_KEY')).status).toBe(404)
  for (const name of ['shop_key', '1KEY', 'A-B', 'A'.repeat(65)])
    expect((await set(name, 'x')).status).toBe(422)
})
