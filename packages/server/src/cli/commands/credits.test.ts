import { expect, test } from 'vitest'
import { startPeer } from '../../../../sdk/src/testing/peer.ts'
import { useCommandLine } from '../testing/command-line.ts'

const { run } = useCommandLine()

const credits = {
  rates: { models: { '*': { input: '0.1', output: '0.3' } }, action: '0.05' },
  caps: { tokens: null, actions: 10, credits: '100' },
  balance: '24.5',
  used: { tokens: 1_200, actions: 3, credits: '0.5' },
}

test('credits shows what there is, with caps and rates', async () => {
  await using peer = await startPeer(() => ({ body: credits }))
  const { out } = await run(['credits'], { peer })
  expect(out.split('\n').map((line) => line.replace(/ +/g, ' '))).toEqual([
    ...['balance 24.5', 'used 0.5 of 100 credits this month', 'tokens 1200', 'actions 3 of 10'],
    ...['action rate 0.05', 'rate *: 0.1 in, 0.3 out', ''],
  ])
})

test('what is set joins what is there', async () => {
  await using peer = await startPeer(() => ({ body: credits }))
  await run(['credits', 'set', '--rate', 'small_M=1/2', '--cap-actions', 'none', '--cap-tokens', '5000'], {
    peer,
  })
  expect(peer.received[1]).toMatchObject({
    method: 'PATCH',
    body: {
      rates: {
        models: { '*': { input: '0.1', output: '0.3' }, small_M: { input: '1', output: '2' } },
        action: '0.05',
      },
      caps: { tokens: 5_000, actions: null, credits: '100' },
    },
  })
  await run(['credits', 'set', '--cap-credits', 'none'], { peer })
  expect(peer.received[3]?.body).toEqual({ caps: { tokens: null, actions: 10, credits: null } })
  expect(await run(['credits', 'set'], { peer })).toMatchObject({ exitCode: 2 })
  expect(await run(['credits', 'set', '--rate', 'x'], { peer })).toMatchObject({ exitCode: 2 })
})

test('credits are granted, or counted no more', async () => {
  await using peer = await startPeer((_, index) => ({
    body: { ...credits, balance: index === 0 ? '50' : null },
  }))
  expect((await run(['credits', 'grant', '25.5'], { peer })).out).toBe('the balance is 50\n')
  expect((await run(['credits', 'grant', 'unlimited'], { peer })).out).toBe(
    'the balance is counted no more\n',
  )
  expect(peer.received.map(({ body }) => body)).toEqual([{ amount: '25.5' }, { amount: null }])
})

test('transactions are listed over pages up to the limit', async () => {
  const one = (seq: number) => ({
    ...{ seq, kind: 'charge', run_id: 'r1', step: 'model-1', model: 'small', tokens: 10, actions: 0 },
    ...{ amount: '-0.5', balance_before: '1', balance_after: '0.5', at: '2026-11-01T08:00:00Z' },
  })
  await using peer = await startPeer((_, index) => ({
    body: { transactions: [one(9 - 2 * index), one(8 - 2 * index)], next_cursor: 'c' },
  }))
  const { out } = await run(['credits', 'transactions', '--run', 'r1', '--limit', '3'], { peer })
  const rows = out.trimEnd().split('\n').slice(1)
  expect(rows.map((row) => row.replace(/ +/g, ' '))).toEqual(
    [9, 8, 7].map((seq) => `${seq} -0.5 0.5 r1 model-1 small 10 1 h ago`),
  )
  expect(peer.received[0]?.url).toBe('/v1/credits/transactions?run_id=r1&limit=3')
})
