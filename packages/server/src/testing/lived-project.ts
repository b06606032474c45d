/** A project that was in use for a while, for tests of what becomes of a whole one. */
import { expect } from 'vitest'
import type { TestApp } from './test-app.ts'

/** A project with all kinds of things in it, at rest. */
export const live = async (app: TestApp) => {
  const finished = async (...call: Parameters<TestApp['add']>) => app.finished(await app.add(...call))
  await app.request('PUT', '/v1/groups/talks', { template: 'personalization-with-summary' })
  const messages = [
    { role: 'assistant', content: 'Where do you live now?', name: 'Robo' },
    { role: 'user', content: 'We moved to Graz in March, near the river.', name: 'Mara', id: 'm-1' },
  ]
  const talk = { group: 'talks', properties: { conversation_id: 'c-1' } }
  await finished(
    { conversation: { messages } },
    { ...talk, tags: ['a', 'b'], metadata: { n: { deep: [1] } } },
  )
  await finished(
    { pre_extracted: { items: [{ content: 'About Graz.', topic: 'ConversationSummary' }] } },
    talk,
  )
  await finished(['Mara keeps four hives.', 'Mara rides a red bicycle to the market.'])
  await finished('Mara keeps four hives.', { user_id: 'MARA' })
  await finished('Jonas sails 🛶 a boat called "Petrel".', { user_id: 'jonas' })
  const said = { conversation_id: 'c-1', role: 'user', content: 'The hives are painted.', user_id: 'mara' }
  await app.request('POST', '/v1/conversations/messages', said)
  const compact = { conversation_id: 'c-1' }
  const { body } = await app.request<{ compaction_id: string }>('POST', '/v1/conversations/compact', compact)
  await app.finished(body.compaction_id)
  const [memory] = await app.list({ user_id: 'jonas' })
  await app.request('PATCH', `/v1/memories/${memory?.id}?user_id=jonas`, {
    content: 'Jonas sells the Petrel.',
  })
  const [other] = await app.list()
  await app.request('DELETE', `/v1/memories/${other?.id}?user_id=mara`)
  await work(app)
}

/** An agent that has run, a tool, one that is archived, and what stays at home. */
const work = async (app: TestApp) => {
  type Made = { id: string; run_id: string }
  const made = async (path: string, body: object) =>
    (await app.request<Made>('POST', `/v1/${path}`, body)).body
  await app.request('PUT', '/v1/secrets/SHOP_KEY', { value: 'stays at home' })
  await app.request('PATCH', '/v1/credits', { rates: { models: {}, action: '0.05' } })
  await made('credits/grants', { amount: '7.77' })
  const search = { type: 'memory_search', name: 'memory_search' }
  const request = { url: 'https://a.example/', headers: { key: '{{secrets.SHOP_KEY}}' } }
  const actions = [search, { type: 'http', name: 'shop', request }]
  const agent = await made('agents', { name: 'concierge', instructions: 'Be kind.', actions })
  await made('triggers', { name: 'bell', target: { type: 'agent', id: agent.id } })
  await made('tools', {
    name: 'look',
    steps: [{ name: 'search', action: search, arguments: { query: 'hives' } }],
  })
  const gone = await made('tools', { name: 'gone', steps: [{ name: 'search', action: search }] })
  await app.request('DELETE', `/v1/tools/${gone.id}`)
  const asked = { user_message: 'How many hives?', user_id: 'mara', conversation_id: 'c-1' }
  const run = await app.finished((await made(`agents/${agent.id}/runs`, asked)).run_id)
  expect(run).toMatchObject({ state: 'completed', result: { stop_reason: 'final_answer' } })
}
