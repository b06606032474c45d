import type { Clock } from '../kernel/clock.ts'
import { PAGE_COUNT_MAX } from '../kernel/limits.ts'
import type { ProjectStorage, SteerResult, Storage } from '../storage/storage.ts'
import { isTerminal, type RunState, runStates } from './run.ts'
import { everyRun } from './run-filter.ts'

type Canceller = { readonly clock: Clock; readonly abortRun: (runId: string) => void }

/** Ends a run as `cancelRun` of the store does, and then the runs that it asked for, and those that these asked for. */
export const cancelTree = async (
  canceller: Canceller & { readonly storage: Storage },
  { projectId, runId }: { readonly projectId: string; readonly runId: string },
  reason: string | null,
): Promise<void> => {
  const storage = canceller.storage.project(projectId)
  await cancelWithChildren({ ...canceller, storage }, { runId, reason })
}

/** One run first, so that it asks for no more. */
export const cancelWithChildren = async (
  canceller: Canceller & { readonly storage: ProjectStorage },
  { runId, reason }: { readonly runId: string; readonly reason: string | null },
): Promise<SteerResult> => {
  const { storage, clock, abortRun } = canceller
  const result = await storage.cancelRun({ runId, reason, now: clock.now() })
  if (result.kind === 'unknown') return result
  if (result.kind === 'done') abortRun(runId)
  const { inputType, cancelRequestedAt, state } = result.run
  const mayHaveChildren = inputType === 'agent' || inputType === 'tool'
  if (mayHaveChildren && (state === 'cancelled' || cancelRequestedAt !== null))
    await cancelChildren(canceller, runId)
  return result
}

const openStates: readonly RunState[] = runStates.filter((state) => !isTerminal(state))

const cancelChildren = async (
  canceller: Canceller & { readonly storage: ProjectStorage },
  parentRunId: string,
): Promise<void> => {
  const filter = { ...everyRun, states: openStates, parentRunId }
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<ProjectStorage['listRuns']>> = await canceller.storage.listRuns({
      ...{ filter, limit: PAGE_COUNT_MAX, cursor },
    })
    for (const { run } of page.items)
      await cancelWithChildren(canceller, { runId: run.runId, reason: CHILD_REASON })
    cursor = page.nextCursor
  } while (cursor !== null)
}

const CHILD_REASON = 'the run that asked for it was cancelled'
