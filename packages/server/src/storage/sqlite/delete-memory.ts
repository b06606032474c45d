/** Deleting one memory by its id. */
import { defaultRunOptions, type Run } from '../../runs/run.ts'
import type { RunKey } from '../storage.ts'
import { completeRun } from './completed-run.ts'
import type { Connection } from './connection.ts'
import { getMemory } from './memories.ts'
import { rememberKey } from './run-keys.ts'

export const deleteMemory = (
  db: Connection,
  projectId: string,
  params: {
    runId: string
    memoryId: string
    laneId: string
    idempotency?: RunKey | null
    traceparent?: string | null
    wire?: string
    now: number
  },
): Run | null => {
  const {
    runId,
    memoryId,
    idempotency = null,
    traceparent = null,
    wire = defaultRunOptions.wire,
    now,
  } = params
  const memory = getMemory(db, projectId, memoryId)
  if (memory === null) return null
  const operation = { kind: 'delete', memoryId, expectedVersion: memory.version } as const
  const run = completeRun(db, projectId, {
    ...params,
    ...{ traceparent, wire, inputType: 'delete', memory, operation },
  })
  if (idempotency !== null) rememberKey(db, projectId, { ...idempotency, runId, now })
  return run
}
