/**
 * Removes transactions that are past their retention: whole months, so that what was used in a month can be held against all of its charges or
 * against none. In the place of the last that goes stays one that carries the balance forward: it begins with nothing, and its amount is
 * the balance. Charges of a run that has not ended stay, and all after them: they keep a step from being charged again.
 */
import { monthStartOf } from '../../../kernel/clock.ts'
import type { Pruned, PruneParams } from '../../administration.ts'
import type { Connection } from '../connection.ts'

type Row = {
  readonly seq: number
  readonly kind: string
  readonly balance_after: string | null
  readonly at: number
  readonly is_open: number
}

export const pruneLedger = (
  db: Connection,
  projectId: string,
  { before, limit }: Pick<PruneParams, 'before' | 'limit'>,
): Pruned => {
  const rows = db.all<Row>(
    `SELECT t.seq, t.kind, t.balance_after, t.at, EXISTS (
       SELECT 1 FROM runs r WHERE r.run_id = t.run_id AND r.project_id = t.project_id AND r.completed_at IS NULL) AS is_open
     FROM credit_transactions t WHERE t.project_id = ? ORDER BY t.seq LIMIT ?`,
    projectId,
    limit + 1,
  )
  const end = rows.findIndex(({ at, is_open: isOpen }) => at >= monthStartOf(before) || isOpen === 1)
  const gone = end === -1 ? rows : rows.slice(0, end)
  const removed = gone.filter(({ kind }) => kind !== 'carried').slice(0, limit)
  const last = removed.at(-1)
  if (last === undefined) return { removed: 0, next: null }
  db.run('DELETE FROM credit_transactions WHERE project_id = ? AND seq <= ?', projectId, last.seq)
  db.run(
    `INSERT INTO credit_transactions (project_id, seq, kind, tokens, actions, amount, balance_after, at)
     VALUES (?, ?, 'carried', 0, 0, ?, ?, ?)`,
    projectId,
    last.seq,
    last.balance_after ?? '0',
    last.balance_after,
    // Of a month that began after this every charge is kept.
    Math.max(...gone.filter(({ seq }) => seq <= last.seq).map(({ at }) => at)),
  )
  return { removed: removed.length, next: end === -1 && rows.length > limit ? '' : null }
}
