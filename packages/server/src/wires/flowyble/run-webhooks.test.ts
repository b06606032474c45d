/** `webhookUrl` and `webhookEvents` of a start. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { flowybleClient } from '../../testing/flowyble-client.ts'
import { openFlowybleScene } from '../../testing/flowyble-scene.ts'
import { startReceiver } from '../../testing/receiver.ts'
import { signatureBy } from '../../testing/webhook-scene.ts'

const keep = { toolCalls: [{ name: 'memory_add', arguments: { content: 'Mara keeps bees.' } }] }
const options = { webhookAllow: '127.0.0.1' }
type Started = { id: string; webhookId: string | null; webhookSecret: string | null }

test('a start brings a webhook along, told of that run and signed with the secret of the answer', async () => {
  await using receiver = await startReceiver()
  await using scene = await openFlowybleScene(['One.', 'Two.'], {}, options)
  const members = { userMessage: 'Go.', webhookUrl: receiver.url, webhookEvents: ['run.completed'], wait: 30 }
  const path = `/v1/agents/run/${scene.agentId}`
  const headers = { 'idempotency-key': 'once' }
  const { body } = await scene.call<Started>('POST', path, members, headers)
  expect(body).toMatchObject({ success: true, status: 'Completed', finalOutput: 'One.' })
  await scene.finished(await scene.start(scene.agentId, 'Go.'))
  const [message, ...others] = await receiver.until(1)
  if (message === undefined) throw new Error('nothing came')
  expect(others).toEqual([])
  expect(message.json).toMatchObject({ type: 'run.completed', data: { run_id: body.id } })
  expect(message.headers['webhook-signature']).toBe(signatureBy(body.webhookSecret ?? '', message))
  const again = await scene.call<Started>('POST', path, members, headers)
  expect(again.body).toMatchObject({ webhookId: body.webhookId, webhookSecret: body.webhookSecret })
  const status = await scene.call('GET', `/v1/agents/run/${body.id}/status`)
  expect(status.text).not.toContain('whsec_')
})

test('who asks for failures hears of one behind what was kept, too, and a retry brings none along', async () => {
  await using receiver = await startReceiver()
  const answers = [keep, { status: 400, message: 'no such thing' }, 'Good.']
  await using scene = await openFlowybleScene(answers, {}, options)
  const members = { webhookUrl: receiver.url, webhookEvents: ['run.failed'] }
  const runId = await scene.start(scene.agentId, 'Keep it.', members)
  expect(await scene.finished(runId)).toMatchObject({ status: 'Failed' })
  const [message] = await receiver.until(1)
  expect(message?.json).toMatchObject({ type: 'run.partial', data: { run_id: runId, status: 'failed' } })
  const retried = await scene.call<Started>('POST', `/v1/agents/run/${runId}/retry`, {})
  await scene.finished(retried.body.id)
  const { body } = await scene.app.request('GET', `/v1/webhooks?run_id=${retried.body.id}`)
  expect(body).toEqual({ webhooks: [] })
})

let scene: Awaited<ReturnType<typeof openFlowybleScene>>
beforeAll(async () => {
  scene = await openFlowybleScene([])
})
afterAll(() => scene[Symbol.asyncDispose]())

test.each<[object, string, string]>([
  [{ webhookUrl: 'http://127.0.0.1/hook' }, 'target_refused', 'body.webhookUrl'],
  [{ webhookUrl: 'http://192.168.0.1/' }, 'target_refused', 'body.webhookUrl'],
  [{ webhookUrl: 'hook' }, 'target_refused', 'body.webhookUrl'],
  [{ webhookUrl: 7 }, 'invalid_body', 'body.webhookUrl'],
  [
    { webhookUrl: 'https://a.example/', webhookEvents: ['run.failed', 'run.done'] },
    'invalid_body',
    'body.webhookEvents[1]',
  ],
  [{ webhookUrl: 'https://a.example/', webhookEvents: [] }, 'invalid_body', 'body.webhookEvents'],
  [{ webhookEvents: ['run.failed'] }, 'invalid_body', 'body.webhookEvents'],
  [{ webhookUrl: 'https://a.example/', stream: true }, 'invalid_body', 'body.stream'],
])('%j is refused, and nothing is accepted', async (members, code, location) => {
  const client = flowybleClient(scene.app)
  const answer = await client.call('POST', `/v1/agents/run/${scene.agentId}`, {
    userMessage: 'Go.',
    ...members,
  })
  expect(answer).toMatchObject({ status: 400, body: { success: false, code, details: [{ location }] } })
  expect((await client.call<{ items: [] }>('GET', '/v1/agents/runs')).body.items).toEqual([])
})
