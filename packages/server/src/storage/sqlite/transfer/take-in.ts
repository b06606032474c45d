/** Taking in records of an export. What is there already under the same identity stays as it is, the same or not. */
import type { Claim } from '../../../runs/run.ts'
import type { Arrival, TransferConflict, TransferCounts } from '../../transfer.ts'
import { heldRun } from '../attempts.ts'
import type { Connection } from '../connection.ts'
import { takeInConversationKey, takeInConversationPart } from './take-in-conversation.ts'
import { takeInDefinition } from './take-in-definition.ts'
import { takeInGroup } from './take-in-group.ts'
import { takeInMemory } from './take-in-memory.ts'
import { takeInRun } from './take-in-run.ts'
import { takeInUser } from './take-in-user.ts'

/** `conflict` says why the record was not taken in. */
export type Taken = 'created' | 'unchanged' | { readonly conflict: string }

type Params = {
  readonly claim: Claim
  readonly arrivals: readonly Arrival[]
  readonly conflicts: readonly TransferConflict[]
  readonly isLast: boolean
  readonly now: number
}

/** Conflicts that the run tells one by one; of the others it tells the number. */
const TOLD_COUNT_MAX = 100

type Result = TransferCounts & { readonly told: readonly TransferConflict[] }

export const takeIn = (
  db: Connection,
  params: Params,
): { readonly kind: 'done' | 'cancelling' | 'claim_lost' } => {
  const run = heldRun(db, params.claim)
  if (run === null) return { kind: 'claim_lost' }
  if (run.cancelRequestedAt !== null) return { kind: 'cancelling' }
  // safety: written below
  const before = (run.result ?? { read: 0, created: 0, unchanged: 0, conflicts: 0, told: [] }) as Result
  const taken = params.arrivals.map(
    (arrival) => [arrival.record.cursor, takeInOne(db, run.projectId, arrival)] as const,
  )
  const found = [
    ...params.conflicts,
    ...taken.flatMap(([cursor, one]) => (typeof one === 'object' ? [{ cursor, reason: one.conflict }] : [])),
  ]
  const result: Result = {
    read: before.read + params.arrivals.length + params.conflicts.length,
    created: before.created + taken.filter(([, one]) => one === 'created').length,
    unchanged: before.unchanged + taken.filter(([, one]) => one === 'unchanged').length,
    conflicts: before.conflicts + found.length,
    told: [...before.told, ...found].slice(0, TOLD_COUNT_MAX),
  }
  db.run('UPDATE runs SET result = ? WHERE seq = ?', JSON.stringify(result), run.seq)
  // What came in stands in its own place now, and must not stand here too.
  if (params.isLast)
    db.run(
      'UPDATE run_payloads SET payload = ? WHERE run_id = ? AND project_id = ?',
      JSON.stringify({ input: { type: 'import', records: [] }, properties: {} }),
      run.runId,
      run.projectId,
    )
  return { kind: 'done' }
}

const takeInOne = (db: Connection, projectId: string, arrival: Arrival): Taken => {
  switch (arrival.type) {
    case 'group':
      return takeInGroup(db, projectId, arrival.record)
    case 'user':
      return takeInUser(db, projectId, arrival)
    case 'definition':
      return takeInDefinition(db, projectId, arrival.record)
    case 'run':
      return takeInRun(db, projectId, arrival)
    case 'memory':
      return takeInMemory(db, projectId, arrival)
    case 'conversation':
      return takeInConversationPart(db, projectId, arrival)
    case 'conversation_key':
      return takeInConversationKey(db, projectId, arrival.record)
  }
}
