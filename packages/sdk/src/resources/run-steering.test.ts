import { expect, test } from 'vitest'
import { Remanence } from '../client.ts'
import { startPeer } from '../testing/peer.ts'

test('each wish is a POST to the run, with what it says', async () => {
  await using peer = await startPeer(() => ({ body: { run_id: 'r', state: 'cancelled', replay_of: 'x' } }))
  const { runs } = new Remanence({ baseUrl: peer.url })
  expect(await runs.cancel('r', { reason: 'enough' })).toMatchObject({ runId: 'r', state: 'cancelled' })
  await runs.retry('r', { startingStep: 'transform' })
  expect(await runs.replay('r')).toMatchObject({ replayOf: 'x' })
  await runs.dismiss('r')
  expect(peer.received.map(({ method, url, body }) => [method, url, body])).toEqual([
    ['POST', '/v1/runs/r/cancel', { reason: 'enough' }],
    ['POST', '/v1/runs/r/retry', { starting_step: 'transform' }],
    ['POST', '/v1/runs/r/replay', {}],
    ['POST', '/v1/runs/r/dismiss', {}],
  ])
})

test('an undo carries a key through its repetitions, and a dry run is committed', async () => {
  const answer = { status: 200, body: { run_id: 'u', undo_of: 'r', result: { conflict_count: 1 } } }
  await using peer = await startPeer((_, n) => (n === 0 ? { status: 503, body: {} } : answer))
  const { runs } = new Remanence({ baseUrl: peer.url })
  const undo = await runs.undo('r', { force: true, dryRun: true })
  expect(undo).toMatchObject({ undoOf: 'r', result: { conflictCount: 1 } })
  await runs.commit('r')
  expect(peer.received.map(({ url, body }) => [url, body])).toEqual([
    ['/v1/runs/r/undo', { force: true, dry_run: true }],
    ['/v1/runs/r/undo', { force: true, dry_run: true }],
    ['/v1/runs/r/commit', {}],
  ])
  const keys = peer.received.map(({ headers }) => headers['idempotency-key'])
  expect([keys[0], keys[2]]).toEqual([keys[1], undefined])
  expect(keys[0]).toBeTruthy()
})

test('many runs are steered by a filter', async () => {
  await using peer = await startPeer(() => ({ status: 202, body: { run_id: 'b', input_type: 'bulk' } }))
  const { runs } = new Remanence({ baseUrl: peer.url })
  const since = new Date('2026-11-01T08:00:00Z')
  expect(await runs.cancelAll({ userId: 'mara', createdAfter: since }, { reason: 'x' })).toMatchObject({
    runId: 'b',
  })
  await runs.retryAll({ error: 'timeout' })
  await runs.replayAll({ inputType: 'string' })
  expect(peer.received.map(({ url, body }) => [url, body])).toEqual([
    ['/v1/runs/cancel', { filter: { user_id: 'mara', created_after: since.toISOString() }, reason: 'x' }],
    ['/v1/runs/retry', { filter: { error: 'timeout' } }],
    ['/v1/runs/replay', { filter: { input_type: 'string' } }],
  ])
})

test('an add says how it is to be worked off; metadata stays as it is', async () => {
  await using peer = await startPeer(() => ({ body: { run_id: 'r', status: 'running' } }))
  const { memories } = new Remanence({ baseUrl: peer.url })
  await memories.add('x', {
    tags: ['import'],
    metadata: { someKey: 1 },
    priority: 5,
    delay: 60,
    ttl: 3_600,
    timeout: 30,
    dryRun: true,
    onConflict: 'supersede',
  })
  expect(peer.received[0]?.body).toMatchObject({
    tags: ['import'],
    metadata: { someKey: 1 },
    priority: 5,
    delay: 60,
    ttl: 3_600,
    timeout: 30,
    dry_run: true,
    on_conflict: 'supersede',
  })
})
