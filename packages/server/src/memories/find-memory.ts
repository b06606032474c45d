import type { Access } from '../projects/access.ts'
import type { Run } from '../runs/run.ts'
import { unknownMemory } from './get-memory.ts'
import type { Memory } from './memory.ts'

export type FoundMemory = {
  readonly memory: Memory
  /** The run that left it as it is; null when that is not kept any more. */
  readonly madeBy: Run | null
  /** The runs it has sources in, as far as they are kept. */
  readonly sourceRuns: readonly Run[]
}

/**
 * A memory of the project by its id alone, for callers whose API names no user beside it, with the runs it comes from. Throws Problem
 * `not_found`.
 */
export const findMemory = async ({ storage }: Access, memoryId: string): Promise<FoundMemory> => {
  const [memory, last] = await Promise.all([
    storage.getMemory(memoryId),
    storage.getVersion({ memoryId, version: null }),
  ])
  if (memory === null) throw unknownMemory({ memoryId })
  const runIds = [...new Set(memory.sources.map(({ runId }) => runId))]
  const [madeBy = null, ...sourceRuns] = await Promise.all(
    [last?.runId ?? null, ...runIds].map(async (runId) =>
      runId === null ? null : ((await storage.getRun(runId))?.run ?? null),
    ),
  )
  return { memory, madeBy, sourceRuns: sourceRuns.filter((run) => run !== null) }
}
