/** Retention of the ledger as a caller sees it: old charges are gone, and what is left, used and capped is as before. */
import { randomUUID } from 'node:crypto'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, test } from 'vitest'
import { examineDatabase } from '../../storage/sqlite/doctor/examine.ts'
import { movableClock } from '../../testing/movable-clock.ts'
import { temporaryFolder } from '../../testing/temporary-folder.ts'
import { type RunBody, startTestApp, type TestApp } from '../../testing/test-app.ts'

type Transaction = { seq: number; kind: string; amount: string; run_id: string | null; balance_after: string }

const day = 24 * 3_600_000
const folder = temporaryFolder()
afterAll(() => folder[Symbol.dispose]())
const dataDir = join(folder.path, 'data')

const transactions = async (app: TestApp, query = '') =>
  (await app.request<{ transactions: Transaction[] }>('GET', `/v1/credits/transactions?limit=100${query}`))
    .body.transactions

const healthy = async (app: TestApp) =>
  expect((await app.request('GET', '/v1/doctor')).body).toMatchObject({ healthy: true })

test('charges past their retention are gone; balance, months and caps are as before', async () => {
  const clock = movableClock(Date.parse('2026-08-20T08:00:00Z'))
  await using app = await startTestApp({ clock, dataDir })
  await app.request('PATCH', '/v1/credits', {
    rates: { models: {}, action: '0.05' },
    caps: { credits: '0.1' },
  })
  await app.request('POST', '/v1/credits/grants', { amount: '5' })
  const search = { type: 'memory_search', name: 'memory_search' }
  const { body: agent } = await app.request<{ id: string }>('POST', '/v1/agents', {
    ...{ name: 'concierge', instructions: 'Be kind.', actions: [search] },
  })
  const ask = async () => {
    const asked = { user_message: 'How many hives?', user_id: 'mara' }
    const { body } = await app.request<RunBody>('POST', `/v1/agents/${agent.id}/runs`, asked)
    return app.finished(body.run_id)
  }
  const runs: RunBody[] = []
  for (let month = 0; month < 3; month++) {
    runs.push(await ask())
    clock.advance(31 * day)
  }
  runs.push(await ask())
  expect(runs.map(({ state }) => state)).toEqual(Array(4).fill('completed'))
  const before = (await app.request('GET', '/v1/credits')).body
  expect(before).toMatchObject({ balance: '4.8', used: { actions: 1, credits: '0.05' } })
  const all = await transactions(app)
  const { body: project } = await app.request<{ project_id: string }>('GET', '/v1/project')
  await healthy(app)
  await app.request('PATCH', `/v1/projects/${project.project_id}`, {
    limits: { ledger_retention: (40 * day) / 1_000 },
  })
  const firstKind = async () => {
    clock.advance(10 * 60_000)
    return (await transactions(app)).at(-1)?.kind
  }
  await expect.poll(firstKind, { interval: 20, timeout: 20_000 }).toBe('carried')
  // Of August and September nothing is kept, of October and November all.
  const kept = await transactions(app)
  const carried = kept.at(-1)
  expect(carried).toMatchObject({ amount: '4.9', balance_before: null, balance_after: '4.9', run_id: null })
  expect(kept.slice(0, -1)).toEqual(all.filter(({ seq }) => seq > (carried?.seq ?? 0)))
  expect(await transactions(app, `&run_id=${runs[0]?.run_id}`)).toEqual([])
  expect(await transactions(app, `&run_id=${runs[3]?.run_id}`)).not.toEqual([])
  expect(await transactions(app, '&kind=carried')).toEqual([carried])
  expect((await app.request('GET', '/v1/credits')).body).toEqual(before)
  // The cap of the month holds as it did: one more run reaches it, and the next is refused.
  expect(await ask()).toMatchObject({ state: 'completed' })
  const next = { user_message: 'And now?', user_id: 'mara' }
  expect(await app.request('POST', `/v1/agents/${agent.id}/runs`, next)).toMatchObject({
    ...{ status: 402, body: { code: 'insufficient_credits' } },
  })
  await healthy(app)
})

test('what is left can be read at the next start, and goes on', async () => {
  await using app = await startTestApp({ dataDir })
  expect((await app.request('GET', '/v1/credits')).body).toMatchObject({ balance: '4.75' })
  await app.request('POST', '/v1/credits/grants', { amount: '1' })
  expect((await transactions(app))[0]).toMatchObject({ kind: 'grant', balance_after: '5.75' })
  await healthy(app)
})

test.each([
  [
    'a charge is missing',
    'ledger_has_no_gap',
    'DELETE FROM credit_transactions WHERE seq = (SELECT max(seq) - 1 FROM credit_transactions)',
  ],
  [
    'the carried balance is missing',
    'ledger_has_no_gap',
    "DELETE FROM credit_transactions WHERE kind = 'carried'",
  ],
  [
    'a balance is carried in the middle',
    'ledger_has_no_gap',
    "UPDATE credit_transactions SET kind = 'carried' WHERE seq = (SELECT max(seq) FROM credit_transactions)",
  ],
  [
    'the carried balance is another',
    'balance_follows_the_ledger',
    "UPDATE credit_transactions SET amount = '9', balance_after = '9' WHERE kind = 'carried'",
  ],
  [
    'the carried amount is another',
    'transaction_moves_its_balance',
    "UPDATE credit_transactions SET amount = '9' WHERE kind = 'carried'",
  ],
  ['the balance is another', 'balance_follows_the_ledger', "UPDATE credit_accounts SET balance = '9'"],
  [
    'a month that is kept has another sum',
    'month_sums_the_ledger',
    "UPDATE credit_months SET credits = '9' WHERE month_start_at = (SELECT max(month_start_at) FROM credit_months)",
  ],
  [
    'a charge is not that of its step',
    'charge_is_that_of_its_step',
    "UPDATE run_steps SET charge = json_set(charge, '$.amount', '9') WHERE charge IS NOT NULL",
  ],
])('when %s, the doctor says %s', (_what, check, sql) => {
  const file = join(folder.path, `${randomUUID()}.db`)
  copyFileSync(join(dataDir, 'remanence.db'), file)
  const database = new DatabaseSync(file)
  database.exec(sql)
  database.close()
  const wrong = examineDatabase(file).filter(({ wrongCount }) => wrongCount > 0)
  expect(wrong.map((one) => one.check)).toContain(check)
})
