import { expect, test } from 'vitest'
import { PermissionError, Remanence, RemanenceError, TimeoutError } from '../index.ts'
import { startPeer } from '../testing/peer.ts'

const clientOf = (peer: { url: string }) => new Remanence({ baseUrl: peer.url, retryCountMax: 0 })

test('examine answers what was checked', async () => {
  const checks = [{ check: 'c', sentence: 'It holds.', wrong_count: 2, examples: ['run 1'] }]
  await using peer = await startPeer(() => ({ body: { healthy: false, checks } }))
  expect(await clientOf(peer).data.examine()).toEqual({
    healthy: false,
    checks: [{ check: 'c', sentence: 'It holds.', wrongCount: 2, examples: ['run 1'] }],
  })
})

test('backup streams what the server sends', async () => {
  await using peer = await startPeer(() => ({ body: 'the copy', headers: { 'content-length': '8' } }))
  const { stream, sizeBytes } = await clientOf(peer).data.backup()
  expect(sizeBytes).toBe(8)
  expect(await new Response(stream).text()).toBe('the copy')
  expect(peer.received[0]).toMatchObject({ method: 'POST', url: '/v1/backup' })
})

test('a backup that is refused, late, aborted or empty is an error of the usual kind', async () => {
  await using refusing = await startPeer(() => ({ status: 403, body: { code: 'forbidden', detail: 'No.' } }))
  await expect(clientOf(refusing).data.backup()).rejects.toThrow(PermissionError)
  await using silent = await startPeer(() => 'hang')
  await expect(clientOf(silent).data.backup({ timeoutMs: 50 })).rejects.toThrow(TimeoutError)
  const reason = new Error('enough')
  await expect(clientOf(silent).data.backup({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  await using empty = await startPeer(() => ({ status: 200 }))
  await expect(clientOf(empty).data.backup()).rejects.toThrow(RemanenceError)
})

test('the signal of a backup ends its stream too', async () => {
  await using peer = await startPeer(() => ({ body: 'half', headers: { 'content-length': '5000' } }))
  const controller = new AbortController()
  const { stream } = await clientOf(peer).data.backup({ signal: controller.signal })
  controller.abort(new Error('enough'))
  await expect(new Response(stream).text()).rejects.toThrow('enough')
})
