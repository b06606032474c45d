/** What other clients hand in, report and ask about credits. */
import { expect, test } from 'vitest'
import { startTestApp } from '../../testing/test-app.ts'
import { createSynapClient, failure } from './testing/conversations-client.ts'

test('what the package for Vercel hands in is remembered, of whom it names', async () => {
  await using app = await startTestApp()
  const client = createSynapClient(app)
  const { ingestion_id } = await client.call('POST', '/v1/memories/ingest', {
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'I keep four hives in Graz.' }, { type: 'image' }] },
      { role: 'assistant', content: '' },
    ],
    ...{ user_id: 'ada', customer_id: '', conversation_id: '', source: 'vercel_ai_sdk' },
  })
  await app.finished(String(ingestion_id))
  expect((await client.fetchUser('Ada')).contents).toEqual([expect.stringContaining('four hives')])
  const nothing = { messages: [{ role: 'user', content: '  ' }], user_id: 'ada' }
  expect(await failure(client.call('POST', '/v1/memories/ingest', nothing))).toBe('InvalidInputError 400')
})

test('clients report what they like; it is counted by known words, and credits are told to cost nothing', async () => {
  await using app = await startTestApp()
  const client = createSynapClient(app)
  const known = { event_type: 'fetch_user_context', scope: 'user', latency_ms: 3, error_code: null }
  const events = [known, { event_type: 'http_request' }, { event_type: 'ada said hello' }, {}]
  const batch = { events, sdk_version: '0.4.4', batch_id: 'b', created_at: '2026-03-01T10:00:00Z' }
  expect(await client.call('POST', '/v1/telemetry/batch', batch)).toMatchObject({ events_received: 4 })
  const { text } = await app.request('GET', '/metrics')
  for (const type of ['fetch_user_context', 'http_request'])
    expect(text).toContain(`remanence_client_events_total{wire="synap",type="${type}"} 1`)
  expect(text).toContain('remanence_client_events_total{wire="synap",type="other"} 2')
  expect(text).not.toContain('ada said')
  expect(await client.call('GET', '/v1/credits/balance')).toMatchObject({
    ...{ client_id: expect.stringMatching(/^cli_/), balance_credits: 0, warning_low: false, buckets: [] },
  })
  await client.fetchUser('ada')
  await app.finished(await app.add('Mara keeps bees.'))
  const ledger = await client.call<{ entries: { metric_type: string; units: number; delta: number }[] }>(
    'GET',
    '/v1/credits/ledger?limit=100&offset=0',
  )
  expect(ledger).toMatchObject({ total: 2, limit: 100, offset: 0 })
  expect(ledger.entries.map(({ metric_type, units, delta }) => [metric_type, units, delta])).toEqual([
    ['ingestion', 1, 0],
    ['retrieval', 1, 0],
  ])
  expect(await client.call('GET', '/v1/credits/ledger?entry_type=grant')).toMatchObject({ entries: [] })
  expect(await client.call('POST', '/v1/credits/estimate', { metric_type: 'x', units: 5 })).toEqual({
    credits_estimate: 0,
  })
  expect(await failure(client.call('POST', '/v1/credits/redeem', { code: 'X' }))).toBe(
    'InvalidInputError 400',
  )
  for (const query of ['limit=0', 'from=yesterday', 'from=2026-99-99', 'from=2026-01-02&to=2026-01-01'])
    expect(await failure(client.call('GET', `/v1/credits/ledger?${query}`))).toBe('InvalidInputError 422')
})
