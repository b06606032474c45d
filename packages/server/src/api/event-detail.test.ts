/** A server that writes outcomes only: who watches a run sees its beginning and its end, and webhooks hear what they ask for. */
import { expect, test } from 'vitest'
import { startReceiver } from '../testing/receiver.ts'
import { startTestApp } from '../testing/test-app.ts'

type Events = { events: { seq: number; type: string }[] }

test('of a run its acceptance and its end are told, numbered without a gap', async () => {
  await using app = await startTestApp({ eventDetail: 'outcomes' })
  const run = await app.finished(await app.add('Mara keeps bees.'))
  const { body } = await app.request<Events>('GET', `/v1/runs/${run.run_id}/events`)
  expect(body.events.map(({ seq, type }) => [seq, type])).toEqual([
    [1, 'run.accepted'],
    [2, 'run.completed'],
  ])
  expect(await app.request('GET', `/v1/runs/${run.run_id}?wait=5`)).toMatchObject({
    body: { state: 'completed' },
  })
})

test('a webhook for memories is told of them all the same', async () => {
  await using receiver = await startReceiver()
  await using app = await startTestApp({ eventDetail: 'outcomes', webhookAllow: '127.0.0.0/8' })
  await app.request('POST', '/v1/webhooks', { url: receiver.url, events: ['memory.created'] })
  await app.finished(await app.add('Mara keeps bees.'))
  const [message] = await receiver.until(1)
  expect(message?.json).toMatchObject({ type: 'memory.created', data: { version: 1 } })
})
