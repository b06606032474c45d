import { afterAll, expect, test } from 'vitest'
import { startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp()
afterAll(app.stop)

const rates = { models: { '*': { input: '0.10', output: '0.3' } }, action: '0.050' }
const change = (body: object) => app.request('PATCH', '/v1/credits', body)

test('an account begins empty; what is set is shown in one form, and replaced whole', async () => {
  expect((await app.request('GET', '/v1/credits')).body).toEqual({
    ...{ rates: { models: {}, action: '0' }, caps: { tokens: null, actions: null, credits: null } },
    ...{ balance: null, used: { tokens: 0, actions: 0, credits: '0' } },
  })
  expect(await change({ rates, caps: { tokens: 10, credits: '5.10' } })).toMatchObject({
    status: 200,
    body: {
      rates: { models: { '*': { input: '0.1', output: '0.3' } }, action: '0.05' },
      caps: { tokens: 10, actions: null, credits: '5.1' },
    },
  })
  expect(await change({ caps: { actions: 1, credits: null } })).toMatchObject({
    body: { rates: { action: '0.05' }, caps: { tokens: null, actions: 1, credits: null } },
  })
})

test.each([
  { rates: { models: {}, action: '-1' } },
  { rates: { models: {}, action: 0.5 } },
  { rates: { models: { a: { input: '1' } }, action: '1' } },
  { rates: { models: {} } },
  { caps: { credits: '0.0000001' } },
  { caps: { tokens: -1 } },
])('%j is refused', async (body) => {
  const before = (await app.request('GET', '/v1/credits')).text
  expect(await change(body)).toMatchObject({ status: 422, body: { code: 'invalid_body' } })
  expect((await app.request('GET', '/v1/credits')).text).toBe(before)
})

test('grants are in the ledger, newest first, page by page', async () => {
  for (const amount of ['1', '0.1', '0.2', '-0.3'])
    await app.request('POST', '/v1/credits/grants', { amount })
  type Page = {
    transactions: { seq: number; amount: string; balance_after: string }[]
    next_cursor: string | null
  }
  const page = async (query: string) =>
    (await app.request<Page>('GET', `/v1/credits/transactions${query}`)).body
  const first = await page('?limit=3')
  expect(first.transactions).toMatchObject([
    {
      seq: 4,
      kind: 'grant',
      amount: '-0.3',
      balance_before: '1.3',
      balance_after: '1',
      run_id: null,
      step: null,
    },
    { seq: 3, amount: '0.2', balance_after: '1.3' },
    { seq: 2, amount: '0.1', balance_after: '1.1' },
  ])
  const second = await page(`?limit=3&cursor=${first.next_cursor}`)
  expect(second).toMatchObject({ transactions: [{ seq: 1 }], next_cursor: null })
  expect(await page('?kind=charge')).toEqual({ transactions: [], next_cursor: null })
})
