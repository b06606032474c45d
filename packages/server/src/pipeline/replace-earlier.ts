/**
 * A run that takes the place of earlier ones: those with a certain tag that were accepted before it. What it has said itself has a source
 * in it by the time that this is done; what has sources only in the earlier ones goes, and what others have said too loses these sources.
 * It is done piece by piece, each decided on what is there then, so a crash does nothing twice and loses nothing.
 */
import { COMMIT_CONFLICT_COUNT_MAX, DOCUMENT_REPLACE_COUNT_MAX, PAGE_COUNT_MAX } from '../kernel/limits.ts'
import { portionStep } from '../runs/portions.ts'
import { isTerminal, type Run, type RunCounts, type RunError, type StepRecord } from '../runs/run.ts'
import { RunCancelled } from '../runs/run-cancelled.ts'
import { everyRun } from '../runs/run-filter.ts'
import type { CommitResult, PlannedOperation, ProjectStorage, Retraction } from '../storage/storage.ts'
import { keptChanging } from './refused-commit.ts'
import { StepFailure } from './run-step.ts'
import type { Attempt, PipelineDependencies } from './step.ts'
import { outcomeOf } from './steps/counts.ts'

/** The latest runs of the tag that were accepted before this one. Those before them have lost to one of these. */
const earlierRuns = async ({ storage, run }: Attempt, tag: string): Promise<readonly Run[]> => {
  const earlier: Run[] = []
  for (let cursor: string | null = null; earlier.length < PAGE_COUNT_MAX; ) {
    const page = await storage.listRuns({ filter: { ...everyRun, tag }, limit: PAGE_COUNT_MAX, cursor })
    earlier.push(...page.items.map((item) => item.run).filter(({ seq }) => seq < run.seq))
    cursor = page.nextCursor
    if (cursor === null) break
  }
  return earlier
}

/** Those that wait outside of their lane must not come after it. */
export const endReplaced = async (
  { clock, abortRun }: PipelineDependencies,
  attempt: Attempt,
  tag: string,
): Promise<void> => {
  for (const { runId, state } of await earlierRuns(attempt, tag)) {
    if (isTerminal(state)) continue
    const reason = `replaced by run ${attempt.run.runId}`
    await attempt.storage.cancelRun({ runId, reason, now: clock.now() })
    abortRun(runId)
  }
}

/** Before anything is committed. Answers the counts after it; null when the claim was lost. */
export const replaceEarlier = async (
  dependencies: PipelineDependencies,
  attempt: Attempt,
  tag: string,
): Promise<RunCounts | null> => {
  const pieces = await takeAway(dependencies, attempt, { counts: attempt.run.counts, tag })
  return pieces === null ? null : pieces.counts
}

type End = {
  readonly counts: RunCounts
  readonly error: RunError | null
  readonly startedAt: number
  readonly replaces: string | null
}

/** Ends a run whose inputs are all committed, after what it replaces has gone. */
export const endReplacing = async (
  dependencies: PipelineDependencies,
  attempt: Attempt,
  { counts: before, error, startedAt, replaces }: End,
): Promise<void> => {
  const gone =
    replaces === null
      ? { counts: before }
      : await takeAway(dependencies, attempt, { counts: before, tag: replaces })
  if (gone === null) return
  const { counts } = gone
  const now = dependencies.clock.now()
  const answer = await attempt.storage.commitRun({
    ...{ claim: attempt.claim, counts, error, now, operations: [], confirmations: [] },
    step: stepOf(attempt, { name: 'end of document', startedAt, now }),
    state: error === null ? 'completed' : 'partial',
    outcome: outcomeOf(counts),
  })
  if (answer.kind === 'cancelling') throw new RunCancelled()
}

type Piece = {
  readonly operations: readonly PlannedOperation[]
  readonly retractions: readonly Retraction[]
}

const takeAway = async (
  { clock }: PipelineDependencies,
  attempt: Attempt,
  { counts: before, tag }: { readonly counts: RunCounts; readonly tag: string },
): Promise<{ readonly counts: RunCounts } | null> => {
  const { storage, signal, claim } = attempt
  const runIds = new Set((await earlierRuns(attempt, tag)).map(({ runId }) => runId))
  const memoryIds = await touchedBy(storage, runIds)
  let counts = before
  for (let from = 0, piece = 0, conflicts = 0; from < memoryIds.length; ) {
    signal.throwIfAborted()
    const startedAt = clock.now()
    const ids = memoryIds.slice(from, from + DOCUMENT_REPLACE_COUNT_MAX)
    const work = await planPiece(storage, { ids, runIds })
    const after = { ...counts, deleted: counts.deleted + work.operations.length }
    const isIdle = work.operations.length + work.retractions.length === 0
    const now = clock.now()
    const result: CommitResult = isIdle
      ? { kind: 'committed' }
      : await storage.commitStep({
          ...{ claim, ...work, confirmations: [], counts: after, now },
          step: stepOf(attempt, { name: portionStep('replace', piece), startedAt, now }),
        })
    if (result.kind === 'cancelling') throw new RunCancelled()
    if (result.kind === 'claim_lost') return null
    if (result.kind !== 'committed') {
      if (conflicts++ >= COMMIT_CONFLICT_COUNT_MAX) throw new StepFailure('commit', keptChanging(), null)
      continue
    }
    counts = after
    from += DOCUMENT_REPLACE_COUNT_MAX
    piece++
  }
  return { counts }
}

const touchedBy = async (
  storage: ProjectStorage,
  runIds: ReadonlySet<string>,
): Promise<readonly string[]> => {
  const memoryIds = new Set<string>()
  for (const runId of runIds) {
    const { changes, sources } = await storage.readCommitted(runId)
    for (const { memoryId } of [...changes, ...sources]) memoryIds.add(memoryId)
  }
  return [...memoryIds]
}

const planPiece = async (
  storage: ProjectStorage,
  { ids, runIds }: { readonly ids: readonly string[]; readonly runIds: ReadonlySet<string> },
): Promise<Piece> => {
  const operations: PlannedOperation[] = []
  const retractions: Retraction[] = []
  for (const { memoryId, version, sources } of await storage.getMemories(ids)) {
    const own = sources.filter(({ runId }) => runIds.has(runId))
    if (own.length === 0) continue
    if (own.length === sources.length)
      operations.push({ kind: 'delete', memoryId, expectedVersion: version, expectedSources: sources })
    else retractions.push(...own.map((source) => ({ memoryId, source, dropped: null })))
  }
  return { operations, retractions }
}

const stepOf = (
  { claim }: Attempt,
  { name, startedAt, now }: { readonly name: string; readonly startedAt: number; readonly now: number },
): StepRecord => ({
  ...{ name, type: 'commit', attempt: claim.attempt, status: 'completed' },
  ...{ startedAt, completedAt: now, output: null, error: null },
})
