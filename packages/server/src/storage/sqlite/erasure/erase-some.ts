/** The work of an erasure, piece by piece: each piece is a transaction that a crash leaves done or not done. */
import type { Claim, Run } from '../../../runs/run.ts'
import type { EraseResult } from '../../erasure-storage.ts'
import { heldRun } from '../attempts.ts'
import type { Connection } from '../connection.ts'
import { readPayload } from '../runs.ts'
import { eraseConversations } from './erase-conversations.ts'
import { eraseDeleted, eraseMemories } from './erase-memories.ts'
import { eraseRest } from './erase-rest.ts'
import { eraseKeys, eraseRuns, findRuns } from './erase-runs.ts'
import {
  advanceErasure,
  type Counts,
  type Erasure,
  insertErasure,
  type Phase,
  readErasure,
  type Work,
} from './erasure.ts'
import { prove } from './prove.ts'
import { stripConfirmations, stripHistory, stripShared } from './strip-shared.ts'

/** THE list of what is done in a phase. */
const works: Readonly<Record<Phase, Work>> = {
  find_runs: findRuns,
  memories: eraseMemories,
  deleted: eraseDeleted,
  shared: stripShared,
  history: stripHistory,
  confirmations: stripConfirmations,
  keys: eraseKeys,
  runs: eraseRuns,
  conversations: eraseConversations,
  rest: eraseRest,
  prove,
}

type Params = { readonly claim: Claim; readonly limit: number; readonly now: number }

export const eraseSome = (db: Connection, params: Params): EraseResult => {
  const run = heldRun(db, params.claim)
  if (run === null) return { kind: 'claim_lost' }
  if (run.result !== null) return { kind: 'finished', result: run.result }
  const { projectId, runId } = run
  const erasure = readErasure(db, projectId, runId) ?? beginFiltered(db, { projectId, runId, seq: run.seq })
  const counts = advanceErasure(db, erasure, works[erasure.phase](db, erasure, params))
  return counts === null ? { kind: 'more' } : finish(db, run, counts)
}

// The erasure of a user has begun when it was accepted; that by a filter begins now.
const beginFiltered = (db: Connection, key: Pick<Run, 'projectId' | 'runId' | 'seq'>): Erasure => {
  const input = readPayload(db, key.projectId, key.runId)?.input
  if (input?.type !== 'erase' || input.filter === null)
    throw new Error(`run ${key.runId} names nothing to erase`)
  insertErasure(db, { ...key, userKey: null, alias: null, filter: input.filter })
  const erasure = readErasure(db, key.projectId, key.runId)
  if (erasure === null) throw new Error(`the erasure ${key.runId} vanished inside its own transaction`)
  return erasure
}

/** Removes what the erasure noted, and with it the last that names what was erased; the run keeps the counts. */
const finish = (db: Connection, { projectId, runId, seq }: Run, erased: Counts): EraseResult => {
  const of = [projectId, runId] as const
  db.run('DELETE FROM erasure_targets WHERE project_id = ? AND run_id = ?', ...of)
  db.run('DELETE FROM erasures WHERE project_id = ? AND run_id = ?', ...of)
  db.run('UPDATE run_payloads SET payload = ?3 WHERE project_id = ?1 AND run_id = ?2', ...of, emptyPayload)
  const result = { erased, left: 0 }
  db.run('UPDATE runs SET result = ? WHERE seq = ?', JSON.stringify(result), seq)
  return { kind: 'finished', result }
}

const emptyPayload = JSON.stringify({ input: { type: 'erase', filter: null }, properties: {} })
