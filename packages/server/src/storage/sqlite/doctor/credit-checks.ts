import type { Check } from './check.ts'

/** Amounts are compared as texts, in the one form they are written in; only sums are taken as numbers, with room for their error. */
export const creditChecks: readonly Check[] = [
  {
    name: 'ledger_has_no_gap',
    sentence:
      'The transactions of a project are numbered without a gap, from the first one or from the one that carries the balance of earlier ones forward.',
    sql: `SELECT project_id, min(seq) AS first, max(seq) AS last, count(*) AS n,
            max(seq) FILTER (WHERE kind = 'carried') AS carried FROM credit_transactions
          GROUP BY project_id HAVING last - first + 1 <> n OR (first <> 1 AND carried IS NULL) OR carried <> first`,
  },
  {
    name: 'balance_follows_the_ledger',
    sentence:
      'Each transaction begins with the balance that the one before it left, and the account has that of the last.',
    sql: `SELECT project_id, seq FROM (
            SELECT project_id, seq, balance_before, lag(balance_after) OVER (PARTITION BY project_id ORDER BY seq) AS left FROM credit_transactions)
          WHERE balance_before IS NOT left
          UNION ALL
          SELECT a.project_id, NULL FROM credit_accounts a
          WHERE a.balance IS NOT (SELECT t.balance_after FROM credit_transactions t WHERE t.project_id = a.project_id ORDER BY t.seq DESC LIMIT 1)`,
  },
  {
    name: 'transaction_moves_its_balance',
    sentence: 'The balance after a transaction is the one before it and the amount.',
    sql: `SELECT project_id, seq FROM credit_transactions
          WHERE balance_after IS NOT NULL
            AND abs(coalesce(balance_before, '0') + amount - balance_after) > 0.0000005 + abs(balance_after) * 1e-12`,
  },
  {
    name: 'charge_is_that_of_its_step',
    sentence: 'What a run was charged is what the records of its steps say.',
    sql: `SELECT t.project_id, t.seq, t.run_id FROM credit_transactions t
          JOIN run_steps s ON s.run_id = t.run_id AND s.project_id = t.project_id AND s.name = t.step AND s.attempt = t.attempt
          WHERE t.kind = 'charge' AND (
            ltrim(t.amount, '-') IS NOT ltrim(s.charge ->> '$.amount', '-')
            OR t.tokens IS NOT s.charge ->> '$.tokens' OR t.actions IS NOT s.charge ->> '$.actions')`,
  },
  {
    name: 'month_sums_the_ledger',
    sentence: 'What was used in a month is the sum of its charges, where all of them are kept.',
    sql: `SELECT coalesce(m.project_id, t.project_id) AS project_id, coalesce(m.month_start_at, t.month_start_at) AS month FROM credit_months m
          FULL JOIN (SELECT project_id, unixepoch(at / 1000, 'unixepoch', 'start of month') * 1000 AS month_start_at,
                            sum(tokens) AS tokens, sum(actions) AS actions, -sum(amount) AS credits
                     FROM credit_transactions WHERE kind = 'charge' GROUP BY 1, 2) t
            ON t.project_id = m.project_id AND t.month_start_at = m.month_start_at
          LEFT JOIN credit_transactions c ON c.project_id = coalesce(m.project_id, t.project_id) AND c.kind = 'carried'
          WHERE (c.at IS NULL OR c.at < coalesce(m.month_start_at, t.month_start_at))
            AND (t.tokens IS NOT m.tokens OR t.actions IS NOT m.actions
              OR abs(t.credits - m.credits) > 0.0000005 + abs(m.credits) * 1e-9)`,
  },
]
