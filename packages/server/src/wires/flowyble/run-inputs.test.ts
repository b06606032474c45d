/** `inputs` of a start. */
import { expect, test } from 'vitest'
import { openFlowybleScene } from '../../testing/flowyble-scene.ts'

type Messages = readonly { readonly role: string; readonly content: string }[]

const open = (
  answers: readonly string[],
  instructions = 'You are in {{inputs.city}} for {{inputs.days}} days.',
) => openFlowybleScene(answers, { instructions, actions: [] })

const instructionsOf = (scene: Awaited<ReturnType<typeof open>>, call: number): string => {
  const messages = scene.provider.requests[call]?.body.messages as Messages // safety: what was sent
  return messages[0]?.content.split('\n')[0] ?? ''
}

test('they stand in the instructions, and a retry of the run has them, too', async () => {
  await using scene = await open(['One.', 'Two.'])
  const inputs = { city: 'Graz', days: 3, unused: true }
  const runId = await scene.start(scene.agentId, 'Go.', { inputs })
  expect(await scene.finished(runId)).toMatchObject({ status: 'Completed', userMessage: 'Go.' })
  await scene.app.request('PATCH', `/v1/agents/${scene.agentId}`, { instructions: 'Be brief.' })
  const { body } = await scene.call('POST', `/v1/agents/run/${runId}/retry`, {})
  await scene.finished(body.id)
  for (const call of [0, 1]) expect(instructionsOf(scene, call)).toBe('You are in Graz for 3 days.')
})

test('the native API takes them, and its replay keeps them', async () => {
  await using scene = await open(['One.', 'Two.'])
  const ask = { user_message: 'Go.', inputs: { city: 'Graz', days: 3 } }
  const path = `/v1/agents/${scene.agentId}/runs`
  const { body } = await scene.app.request<{ run_id: string }>('POST', path, ask)
  await scene.app.finished(body.run_id)
  const replay = await scene.app.request<{ run_id: string }>('POST', `/v1/runs/${body.run_id}/replay`, {})
  await scene.app.finished(replay.body.run_id)
  for (const call of [0, 1]) expect(instructionsOf(scene, call)).toBe('You are in Graz for 3 days.')
})

test('a key gives the same run with the same inputs only, whatever has become of the instructions', async () => {
  await using scene = await open(['One.'])
  const headers = { 'idempotency-key': 'once' }
  const path = `/v1/agents/run/${scene.agentId}`
  const send = (inputs?: object) => scene.call('POST', path, { userMessage: 'Go.', inputs }, headers)
  const first = await send({ city: 'Graz', days: 3 })
  await scene.app.request('PATCH', `/v1/agents/${scene.agentId}`, { instructions: '{{inputs.other}}' })
  expect(await send({ days: 3, city: 'Graz' })).toMatchObject({ status: 200, body: { id: first.body.id } })
  expect(await send({ city: 'Rovinj', days: 3 })).toMatchObject({ status: 409 })
  expect(await send()).toMatchObject({ status: 409 })
})

const told = (location: string) => expect.arrayContaining([expect.objectContaining({ location })])

test.each<[unknown, string]>([
  [undefined, 'body.inputs.city'],
  [{}, 'body.inputs.city'],
  [{ city: 'Graz' }, 'body.inputs.days'],
  [{ city: ['Graz'], days: 3 }, 'body.inputs.city'],
  [{ city: { name: 'Graz' }, days: 3 }, 'body.inputs.city'],
  [{ city: 'x'.repeat(8_193), days: 3 }, 'body.inputs.city'],
  [{ city: 'Graz', days: 3, 'a b': 1 }, 'body.inputs.a b'],
  [['Graz'], 'body.inputs'],
  ['Graz', 'body.inputs'],
  [Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`n${n}`, n])), 'body.inputs'],
])('%j is refused, and nothing is accepted', async (inputs, location) => {
  await using scene = await open([])
  const answer = await scene.call('POST', `/v1/agents/run/${scene.agentId}`, { userMessage: 'Go.', inputs })
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_body', details: told(location) } })
  const native = await scene.app.request('POST', `/v1/agents/${scene.agentId}/runs`, {
    ...{ user_message: 'Go.', inputs },
  })
  expect(native).toMatchObject({ status: 422, body: { code: 'invalid_body', errors: told(location) } })
  expect((await scene.call<{ items: [] }>('GET', '/v1/agents/runs')).body.items).toEqual([])
})

test('a trigger brings none along, so an agent that needs some is not started by it', async () => {
  await using scene = await open([])
  const target = { type: 'agent', id: scene.agentId }
  const { body } = await scene.app.request<{ token: string }>('POST', '/v1/triggers', {
    name: 'shop',
    target,
  })
  const answer = await scene.call('POST', `/webhooks/${body.token}`, {
    message: 'Go.',
    inputs: { city: 'x' },
  })
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_body' } })
})
