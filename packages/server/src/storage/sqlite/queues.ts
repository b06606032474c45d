/** The queue of a project as its people see it: how much has not ended, and whether it works and accepts. */
import type { AcceptResult, ProjectQueue, QueueState } from '../storage.ts'
import type { Connection } from './connection.ts'
import { hurryBuffers } from './flush-buffer.ts'
import { releaseHeldLanes } from './lanes.ts'

export const getQueue = (db: Connection, projectId: string): ProjectQueue => {
  const queue = db.get<ProjectQueue>(
    'SELECT state, depth FROM project_queues WHERE project_id = ?',
    projectId,
  )
  if (queue === undefined) throw new Error(`project ${projectId} has no queue`)
  return queue
}

export const setQueueState = (db: Connection, projectId: string, state: QueueState): void => {
  db.run('UPDATE project_queues SET state = ? WHERE project_id = ?', state, projectId)
  if (state !== 'paused') releaseHeldLanes(db, projectId)
  if (state === 'draining') hurryBuffers(db, projectId)
}

/** Answers whether there was room, in a project that takes anything at all. */
export const growQueue = (db: Connection, projectId: string, depthMax: number): boolean =>
  db.run(
    "UPDATE project_queues SET depth = depth + 1 WHERE project_id = ? AND depth < coalesce(depth_max, ?) AND state <> 'draining'",
    projectId,
    depthMax,
  ) === 1

/** Why there was no room. */
export const explainFullQueue = (db: Connection, projectId: string): AcceptResult => {
  const queue = db.get<{ depth: number; state: string }>(
    'SELECT depth, state FROM project_queues WHERE project_id = ?',
    projectId,
  )
  return queue?.state === 'draining' ? { kind: 'draining' } : { kind: 'queue_full', depth: queue?.depth ?? 0 }
}
