/**
 * A run is one execution of a pipeline on one input.
 *
 *     queued → running → completed | partial | failed | cancelled
 *
 * `queued` waits for its turn in its lane. `running` is held by one claim at a time; between two attempts it stays `running`
 * and `retryAt` says when the next may start. Terminal states never change. `attempt` counts claims from 1 (0 while queued);
 * every write after a claim carries it, so a worker that lost its claim changes nothing. A `partial` run committed some of its
 * inputs and failed on the others for good.
 */
export const runStates = ['queued', 'running', 'completed', 'partial', 'failed', 'cancelled'] as const
export type RunState = (typeof runStates)[number]

export const isTerminal = (state: RunState): boolean => state !== 'queued' && state !== 'running'

/** `delete` is a memory deleted by its id: a run that was complete when it was accepted. */
export const inputTypes = ['conversation', 'string', 'pre_extracted', 'delete'] as const
export type InputType = (typeof inputTypes)[number]

/** Where a run enters the pipeline, by input type. */
export const startingSteps: Readonly<Record<InputType, number>> = {
  conversation: 0,
  string: 1,
  pre_extracted: 2,
  delete: 3,
}

/** `stage` is the noun of the sentence `<stage> failed: <detail>`. */
export type RunError = { readonly stage: string; readonly code: string; readonly detail: string }

/** What a run came to: it changed memories, found everything known already, or found nothing worth keeping. */
export type Outcome = 'committed' | 'unchanged' | 'no_facts'

export type RunCounts = {
  readonly inputs: number
  readonly failedInputs: number
  readonly candidates: number
  readonly created: number
  readonly updated: number
  readonly deleted: number
  /** Candidates that were known already. */
  readonly unchanged: number
}

export type Run = {
  readonly runId: string
  readonly projectId: string
  readonly groupId: string
  readonly laneId: string
  /** Order of acceptance within the project. */
  readonly seq: number
  readonly userId: string | null
  readonly userKey: string | null
  readonly inputType: InputType
  readonly state: RunState
  readonly attempt: number
  /** Attempts that ended in an error. */
  readonly failures: number
  /** When the next attempt may start, while the run waits for it. */
  readonly retryAt: number | null
  readonly outcome: Outcome | null
  readonly error: RunError | null
  readonly counts: RunCounts
  readonly createdAt: number
  readonly startedAt: number | null
  readonly updatedAt: number
  readonly completedAt: number | null
}

/** One committed change of a memory. */
export type Operation = {
  readonly kind: 'create' | 'update' | 'delete'
  readonly memoryId: string
  readonly committedAt: number
}

/** A run with what it changed, in order. */
export type RunView = {
  readonly run: Run
  readonly operations: readonly Operation[]
  /** The number of its last event; 0 when none is kept any more. */
  readonly eventSeq: number
}

/** A worker's right to run one attempt of a run, until `leaseUntil` unless renewed. */
export type Claim = {
  readonly projectId: string
  readonly runId: string
  readonly attempt: number
  readonly leaseUntil: number
}

/** One attempt of one step, as recorded. `output` is what the next step starts from. */
export type StepRecord = {
  readonly name: string
  readonly type: 'extract' | 'transform' | 'commit'
  readonly attempt: number
  readonly status: 'completed' | 'failed'
  readonly startedAt: number
  readonly completedAt: number
  readonly output: unknown
  readonly error: RunError | null
}

export const eventTypes = [
  'run.accepted',
  'run.started',
  'step.completed',
  'step.failed',
  'run.retrying',
  'run.completed',
  'run.partial',
  'run.failed',
  'run.cancelled',
] as const
export type EventType = (typeof eventTypes)[number]

/** Append-only record of a run's progress. `seq` counts within the run from 1, `projectSeq` within the project. */
export type RunEvent = {
  readonly runId: string
  readonly seq: number
  readonly projectSeq: number
  readonly type: EventType
  readonly at: number
  readonly data: Readonly<Record<string, unknown>>
}
