/** What is told of a run while it goes on. */
export const eventTypes = [
  'run.accepted',
  'run.started',
  'step.started',
  'step.completed',
  'step.failed',
  'run.retrying',
  'run.completed',
  'run.partial',
  'run.failed',
  'run.cancelled',
  'run.cancelling',
  'run.requeued',
  'run.dismissed',
  'run.committed',
  'run.buffered',
  'run.resumed',
  'memory.created',
  'memory.updated',
  'memory.deleted',
] as const
export type EventType = (typeof eventTypes)[number]

/** `all` events are written down, or only the `outcomes`: that a run was accepted, how it ended, and what was asked of it. */
export type EventDetail = 'all' | 'outcomes'

/** Whether the event tells of progress on the way to an outcome. */
export const isProgress = (type: EventType): boolean => progressTypes.has(type)

const progressTypes: ReadonlySet<EventType> = new Set<EventType>([
  'run.started',
  'step.started',
  'step.completed',
  'step.failed',
  'run.retrying',
  'memory.created',
  'memory.updated',
  'memory.deleted',
])

/** Types of the events that end a run. */
export const endings: ReadonlySet<EventType> = new Set([
  'run.completed',
  'run.partial',
  'run.failed',
  'run.cancelled',
])

/** Append-only record of a run's progress. `seq` counts within the run from 1, `projectSeq` within the project. */
export type RunEvent = {
  readonly runId: string
  readonly seq: number
  readonly projectSeq: number
  readonly type: EventType
  readonly at: number
  readonly data: Readonly<Record<string, unknown>>
}

/** A step of an agent or tool run that is about to begin: a call to the model, or an action. What `step.started` tells. */
export type StepBeginning = {
  readonly name: string
  readonly attempt: number
  readonly startedAt: number
  readonly kind: 'model' | 'action'
  /** Name of the model or the action. */
  readonly of: string
  /** Among the steps of its kind in the run, from 1. */
  readonly number: number
}
