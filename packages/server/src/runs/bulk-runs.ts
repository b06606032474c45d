import { BULK_TIMEOUT_MS } from '../kernel/limits.ts'
import { problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import { findGroup } from '../projects/find-group.ts'
import { acceptRun } from './accept-run.ts'
import type { BulkAction } from './input.ts'
import { type RunFilterRequest, readRunFilter } from './read-runs.ts'

/** The lane of a project in which what is done to many runs waits: one after the other, and in nobody's way. */
const BULK_LANE = 'bulk'

/**
 * Accepts a run that cancels, retries or replays every run that the filter admits now. Throws Problem `empty_filter`,
 * `unknown_group`, and what acceptRun throws.
 */
export const bulkRuns = async (
  access: Access,
  request: { readonly action: BulkAction; readonly filter: RunFilterRequest; readonly reason: string | null },
): Promise<{ readonly runId: string }> => {
  if (Object.values(request.filter).every((member) => member === null || member === undefined)) {
    throw problem(
      'empty_filter',
      'Nothing says which runs are meant: give at least one member of the filter.',
    )
  }
  const filter = await readRunFilter(access, request.filter)
  const { groupId } = await findGroup(access.storage, undefined)
  const { action, reason } = request
  return acceptRun(access, {
    runId: access.ids.next(),
    groupId,
    laneId: BULK_LANE,
    userId: null,
    userKey: null,
    inputType: 'bulk',
    payload: { input: { type: 'bulk', action, filter, reason }, properties: {} },
    inputCount: 1,
    idempotency: null,
    options: { timeoutMs: BULK_TIMEOUT_MS },
  })
}
