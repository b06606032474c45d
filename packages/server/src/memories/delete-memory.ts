import type { Access } from '../projects/access.ts'
import { laneIdOf } from '../projects/scope.ts'
import type { Run } from '../runs/run.ts'
import { getMemory, type MemoryAddress, unknownMemory } from './get-memory.ts'

export type DeleteRequest = MemoryAddress & {
  /** By which `findDeletion` finds the run again. */
  readonly idempotencyKey?: string
}

/** Deletes one memory, as a run that is complete when this answers. Throws what getMemory throws. */
export const deleteMemory = async (
  access: Access,
  { idempotencyKey: key, ...address }: DeleteRequest,
): Promise<Run> => {
  const { storage, ids, clock, traceparent, wire } = access
  const memory = await getMemory(access, address)
  const run = await storage.deleteMemory({
    runId: ids.next(),
    memoryId: memory.memoryId,
    laneId: laneIdOf(memory.scope.groupId, memory.scope.userKey),
    idempotency: key === undefined ? null : { key, digest: '' },
    traceparent,
    wire,
    now: clock.now(),
  })
  if (run === null) throw unknownMemory(memory)
  return run
}

/** The run that deleted a memory under this key; null when none did, or none is known any more. */
export const findDeletion = async (
  { storage }: Pick<Access, 'storage'>,
  idempotencyKey: string,
): Promise<Run | null> => {
  const known = await storage.findRunByKey(idempotencyKey)
  return known === null ? null : ((await storage.getRun(known.runId))?.run ?? null)
}
