import type { Access } from '../projects/access.ts'
import { laneIdOf } from '../projects/scope.ts'
import type { Run } from '../runs/run.ts'
import { getMemory, type MemoryAddress, unknownMemory } from './get-memory.ts'

/** Deletes one memory, as a run that is complete when this answers. Throws what getMemory throws. */
export const deleteMemory = async (access: Access, address: MemoryAddress): Promise<Run> => {
  const { storage, ids, clock, traceparent, wire } = access
  const memory = await getMemory(access, address)
  const run = await storage.deleteMemory({
    runId: ids.next(),
    memoryId: memory.memoryId,
    laneId: laneIdOf(memory.scope.groupId, memory.scope.userKey),
    traceparent,
    wire,
    now: clock.now(),
  })
  if (run === null) throw unknownMemory(memory)
  return run
}
