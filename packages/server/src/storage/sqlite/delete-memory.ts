/** Deleting one memory by its id. */
import { defaultRunOptions, type Run } from '../../runs/run.ts'
import { completeRun } from './completed-run.ts'
import type { Connection } from './connection.ts'
import { getMemory } from './memories.ts'

export const deleteMemory = (
  db: Connection,
  projectId: string,
  params: {
    runId: string
    memoryId: string
    laneId: string
    traceparent?: string | null
    wire?: string
    now: number
  },
): Run | null => {
  const { memoryId, traceparent = null, wire = defaultRunOptions.wire } = params
  const memory = getMemory(db, projectId, memoryId)
  if (memory === null) return null
  const operation = { kind: 'delete', memoryId, expectedVersion: memory.version } as const
  return completeRun(db, projectId, { ...params, traceparent, wire, inputType: 'delete', memory, operation })
}
