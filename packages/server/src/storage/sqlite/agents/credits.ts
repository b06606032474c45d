/**
 * Credits: what a step costs moves the balance, the month and the ledger in the transaction that records it. Once for each attempt of
 * a step, and never again for one that was done before and is gone on from.
 */
import { addAmounts, negateAmount, normalAmount } from '../../../agents/amount.ts'
import type {
  Charge,
  CreditAccount,
  CreditCaps,
  CreditRates,
  CreditTransaction,
} from '../../../agents/credits.ts'
import { monthStartOf } from '../../../kernel/clock.ts'
import type { Claim, StepRecord } from '../../../runs/run.ts'
import type { Page } from '../../storage.ts'
import type { Connection } from '../connection.ts'
import { fromJson } from '../rows.ts'

const noRates: CreditRates = { models: {}, action: '0' }
const noCaps: CreditCaps = { tokens: null, actions: null, credits: null }

type AccountRow = { rates: string; caps: string; balance: string | null }
type MonthRow = { tokens: number; actions: number; credits: string }

const findAccount = (db: Connection, projectId: string): AccountRow | undefined =>
  db.get<AccountRow>('SELECT rates, caps, balance FROM credit_accounts WHERE project_id = ?', projectId)

const findMonth = (db: Connection, projectId: string, monthStartAt: number): MonthRow =>
  db.get<MonthRow>(
    'SELECT tokens, actions, credits FROM credit_months WHERE project_id = ? AND month_start_at = ?',
    projectId,
    monthStartAt,
  ) ?? { tokens: 0, actions: 0, credits: '0' }

export const getCredits = (
  db: Connection,
  projectId: string,
  { monthStartAt }: { monthStartAt: number },
): CreditAccount => {
  const row = findAccount(db, projectId)
  return {
    rates: row === undefined ? noRates : fromJson<CreditRates>(row.rates),
    caps: row === undefined ? noCaps : fromJson<CreditCaps>(row.caps),
    balance: row?.balance ?? null,
    used: { ...findMonth(db, projectId, monthStartAt) },
  }
}

export const setCredits = (
  db: Connection,
  projectId: string,
  { rates, caps }: { rates?: CreditRates; caps?: CreditCaps },
): void => {
  openAccount(db, projectId)
  db.run(
    'UPDATE credit_accounts SET rates = coalesce(?, rates), caps = coalesce(?, caps) WHERE project_id = ?',
    rates === undefined ? null : JSON.stringify(rates),
    caps === undefined ? null : JSON.stringify(caps),
    projectId,
  )
}

const openAccount = (db: Connection, projectId: string): void => {
  db.run(
    'INSERT INTO credit_accounts (project_id, rates, caps) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    projectId,
    JSON.stringify(noRates),
    JSON.stringify(noCaps),
  )
}

/** That a balance is counted no more is in the ledger too: as a grant of nothing, after which there is none. */
export const grantCredits = (
  db: Connection,
  projectId: string,
  { amount, now }: { amount: string | null; now: number },
): void => {
  openAccount(db, projectId)
  const before = findAccount(db, projectId)?.balance ?? null
  const after = amount === null ? null : addAmounts(before ?? '0', amount)
  addTransaction(db, projectId, {
    ...{ kind: 'grant', runId: null, step: null, attempt: null, model: null, tokens: 0, actions: 0 },
    ...{ amount: amount ?? '0', balanceBefore: before, balanceAfter: after, at: now },
  })
  db.run('UPDATE credit_accounts SET balance = ? WHERE project_id = ?', after, projectId)
}

/** Answers what was charged now, if anything. Called before the step is recorded: what is recorded already must be seen. */
export const chargeStep = (
  db: Connection,
  { projectId, runId }: Pick<Claim, 'projectId' | 'runId'>,
  step: StepRecord,
): Charge | null => {
  const { name, attempt, completedAt: at } = step
  if (step.charge === undefined || isCharged(db, { projectId, runId, name, attempt })) return null
  const charge = { ...step.charge, amount: normalAmount(step.charge.amount) }
  const before = findAccount(db, projectId)?.balance ?? null
  const amount = negateAmount(charge.amount)
  const after = before === null ? null : addAmounts(before, amount)
  const { tokens, actions } = charge
  addTransaction(db, projectId, {
    ...{ kind: 'charge', runId, step: name, attempt, model: step.use?.model ?? null, tokens, actions },
    ...{ amount, balanceBefore: before, balanceAfter: after, at },
  })
  if (before !== null) db.run('UPDATE credit_accounts SET balance = ? WHERE project_id = ?', after, projectId)
  const monthStartAt = monthStartOf(at)
  const month = findMonth(db, projectId, monthStartAt)
  db.run(
    `INSERT INTO credit_months (project_id, month_start_at, tokens, actions, credits) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (project_id, month_start_at) DO UPDATE
     SET tokens = excluded.tokens, actions = excluded.actions, credits = excluded.credits`,
    projectId,
    monthStartAt,
    month.tokens + tokens,
    month.actions + actions,
    addAmounts(month.credits, charge.amount),
  )
  return charge
}

type Of = { projectId: string; runId: string; name: string; attempt: number }

/** The same attempt was charged, or an earlier one came to an output that a later one goes on from. */
const isCharged = (db: Connection, { projectId, runId, name, attempt }: Of): boolean =>
  db.get(
    `SELECT 1 WHERE
       EXISTS (SELECT 1 FROM credit_transactions
               WHERE project_id = ?1 AND run_id = ?2 AND step = ?3 AND attempt = ?4 AND kind = 'charge') OR
       EXISTS (SELECT 1 FROM run_steps
               WHERE run_id = ?2 AND project_id = ?1 AND name = ?3 AND status = 'completed' AND is_void = 0 AND charge IS NOT NULL)`,
    projectId,
    runId,
    name,
    attempt,
  ) !== undefined

type NewTransaction = Omit<CreditTransaction, 'seq'> & { readonly attempt: number | null }

const addTransaction = (db: Connection, projectId: string, one: NewTransaction): void => {
  db.run(
    `INSERT INTO credit_transactions
       (project_id, seq, kind, run_id, step, attempt, model, tokens, actions, amount, balance_before, balance_after, at)
     VALUES (?1, (SELECT coalesce(max(seq), 0) + 1 FROM credit_transactions WHERE project_id = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)`,
    projectId,
    one.kind,
    one.runId,
    one.step,
    one.attempt,
    one.model,
    one.tokens,
    one.actions,
    one.amount,
    one.balanceBefore,
    one.balanceAfter,
    one.at,
  )
}

type ListParams = {
  readonly runId: string | null
  readonly kind: CreditTransaction['kind'] | null
  readonly limit: number
  readonly cursor: string | null
}

/** Newest first. The cursor is the number of the last one. */
export const listCreditTransactions = (
  db: Connection,
  projectId: string,
  { runId, kind, limit, cursor }: ListParams,
): Page<CreditTransaction> => {
  const before = cursor === null ? Number.MAX_SAFE_INTEGER : Number(cursor)
  const rows = db.all<CreditTransaction>(
    // A run has few transactions and they are charges: of both filters the run is the one that is walked.
    `SELECT seq, kind, run_id AS runId, step, model, tokens, actions, amount,
            balance_before AS balanceBefore, balance_after AS balanceAfter, at
     FROM credit_transactions
     WHERE project_id = ? AND seq < ? ${runId === null ? '' : 'AND run_id = ?'}
       ${kind === null ? '' : runId === null ? 'AND kind = ?' : 'AND +kind = ?'} ORDER BY seq DESC LIMIT ?`,
    projectId,
    before,
    ...(runId === null ? [] : [runId]),
    ...(kind === null ? [] : [kind]),
    limit + 1,
  )
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    items: page.map((row) => ({ ...row })),
    nextCursor: rows.length > limit && last !== undefined ? String(last.seq) : null,
  }
}
