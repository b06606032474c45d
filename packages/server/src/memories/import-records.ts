import { ERASE_TIMEOUT_MS } from '../kernel/limits.ts'
import type { Access } from '../projects/access.ts'
import { findGroup } from '../projects/find-group.ts'
import { acceptRun } from '../runs/accept-run.ts'
import type { TransferRecord } from '../storage/transfer.ts'

/** The line in which imports of a project wait for each other: what comes later may refer to what came before. */
const importLane = 'import'

/**
 * Takes in records of an export, as a run. What is there already under the same identity stays as it is, so the same records may come
 * again. Throws what acceptRun throws.
 */
export const importRecords = async (
  access: Access,
  records: readonly TransferRecord[],
): Promise<{ readonly runId: string }> => {
  const { groupId } = await findGroup(access.storage, undefined)
  return acceptRun(access, {
    runId: access.ids.next(),
    groupId,
    laneId: importLane,
    userId: null,
    userKey: null,
    inputType: 'import',
    payload: { input: { type: 'import', records }, properties: {} },
    inputCount: 1,
    idempotency: null,
    options: { timeoutMs: ERASE_TIMEOUT_MS },
  })
}
