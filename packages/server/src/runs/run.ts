import type { Charge } from '../agents/credits.ts'
import type { ModelUse } from '../models/model.ts'

/**
 * A run is one execution of a pipeline on one input.
 *
 *     queued → running → completed | partial | failed | cancelled
 *      ▲  ▲       │                      │        │        │
 *      │  └── buffered                   │        │        │
 *      └───────────── retried ───────────┴────────┴────────┘
 *
 * `queued` waits for its turn in its lane, or for its time (`delayedUntil`). `running` is held by one claim at a time; between
 * two attempts it stays `running` and `retryAt` says when the next may start. A run in a terminal state stays in it until
 * somebody asks for another try. `attempt` counts claims from 1 (0 while queued for the first time); every write after a claim
 * carries it, so a worker that lost its claim changes nothing. A `partial` run committed some of its inputs and failed on the
 * others for good, or failed behind a commit. A `buffered` run waits in a buffer for others of its scope; when that goes on, the first of
 * them is `queued` again and works for all, and the others stay `buffered` until they end with it.
 */
import type { BufferView } from './buffer-view.ts'

export const runStates = [
  'queued',
  'running',
  'buffered',
  'completed',
  'partial',
  'failed',
  'cancelled',
] as const
export type RunState = (typeof runStates)[number]

export const isTerminal = (state: RunState): boolean =>
  state !== 'queued' && state !== 'running' && state !== 'buffered'

/**
 * What a run works on. The first four go through the pipeline, a document after it was read; the others are maintenance: `delete` is a memory deleted by its id
 * and `edit` one given another text, both complete when they were accepted; `delete` is also what deletes by a filter, `erase` removes
 * for good, `undo` takes back what a run did, `bulk` does something to every run that a filter admits, and `compact` puts a conversation in
 * fewer words. `agent` is a conversation of a language model with its actions, `tool` a fixed sequence of such actions.
 */
export const inputTypes = [
  'conversation',
  'string',
  'pre_extracted',
  'document',
  'delete',
  'edit',
  'undo',
  'bulk',
  'erase',
  'import',
  'agent',
  'tool',
  'compact',
] as const
export type InputType = (typeof inputTypes)[number]

/** Where a run enters the pipeline, by input type: a document where texts do. Maintenance goes past all of it. */
export const startingSteps: Readonly<Record<InputType, number>> = {
  conversation: 0,
  string: 1,
  document: 1,
  pre_extracted: 2,
  delete: 3,
  edit: 3,
  bulk: 3,
  erase: 3,
  import: 3,
  compact: 3,
  undo: 3,
  agent: 3,
  tool: 3,
}

/** Whether the run works on something that was handed in to be remembered. */
export const isContent = ({ inputType }: Pick<Run, 'inputType'>): boolean =>
  startingSteps[inputType] <= startingSteps.pre_extracted

/** Whether it works on what a caller handed in, and so may be done anew on the same: all but maintenance. */
export const isWork = (run: Pick<Run, 'inputType'>): boolean =>
  isContent(run) || run.inputType === 'agent' || run.inputType === 'tool'

/** What an add does when the same user of the same group has runs that have not ended: wait behind them, be refused, or cancel those that wait. */
export const conflictRules = ['enqueue', 'reject', 'supersede'] as const
export type ConflictRule = (typeof conflictRules)[number]

/** How a run is to be worked off, as its caller asked. Instants are milliseconds since the epoch. */
export type RunOptions = {
  /** Of the waiting runs of a project the highest goes first. */
  readonly priority: number
  /** Not started before then. */
  readonly delayedUntil: number | null
  /** Cancelled unless started by then. */
  readonly expiresAt: number | null
  /** Time from the beginning of its first attempt, waits between attempts included; the bound of the server when null. */
  readonly timeoutMs: number | null
  /** Goes through extract and transform, and shows what it would have committed. */
  readonly dryRun: boolean
  readonly tags: readonly string[]
  readonly metadata: Readonly<Record<string, unknown>> | null
  /** W3C Trace Context of the request that made it. */
  readonly traceparent: string | null
  /** The API it came through. */
  readonly wire: string
  /** The run whose input it has. */
  readonly replayOf: string | null
  /** The run whose operations it takes back. */
  readonly undoOf: string | null
  /** The run that asked for it, and goes on when it has ended. */
  readonly parentRunId: string | null
  /** The agent or the tool that it is a run of. */
  readonly subjectId: string | null
  /** Agent runs of one conversation go on from each other. */
  readonly conversationId: string | null
}

export const defaultRunOptions: RunOptions = {
  priority: 0,
  delayedUntil: null,
  expiresAt: null,
  timeoutMs: null,
  dryRun: false,
  tags: [],
  metadata: null,
  traceparent: null,
  wire: 'native',
  replayOf: null,
  undoOf: null,
  parentRunId: null,
  subjectId: null,
  conversationId: null,
}

/** `stage` is the noun of the sentence `<stage> failed: <detail>`. */
export type RunError = { readonly stage: string; readonly code: string; readonly detail: string }

/**
 * What a run came to: it changed memories, found everything known already, or found nothing worth keeping. A dry run has `planned`, a
 * maintenance run is `done`.
 */
export type Outcome = 'committed' | 'unchanged' | 'no_facts' | 'planned' | 'done'

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

export type Run = RunOptions & {
  readonly runId: string
  readonly projectId: string
  readonly groupId: string
  /** The version of the group it was accepted with: its topics and pipeline are those of the run. */
  readonly groupVersion: number
  /** The buffer it waits in, or goes on together with. */
  readonly bufferId: string | null
  readonly laneId: string
  /** Order of acceptance within the project. */
  readonly seq: number
  readonly userId: string | null
  readonly userKey: string | null
  readonly inputType: InputType
  readonly state: RunState
  readonly attempt: number
  /** Attempts that ended in an error, since the run was last opened or came to a buffer. */
  readonly failures: number
  /** Attempts there were when the run was last opened again, by a retry by hand, or came to a buffer; else 0. */
  readonly attemptBase: number
  /** When the next attempt may start, while the run waits for it. */
  readonly retryAt: number | null
  /** When the run fails unless it has ended. */
  readonly deadlineAt: number | null
  /** Somebody wants a running run cancelled: it ends at its next safe point. */
  readonly cancelRequestedAt: number | null
  readonly cancelReason: string | null
  /** Somebody has seen the failure and wants it listed no more. */
  readonly dismissedAt: number | null
  /** The run that took back what this one committed. */
  readonly undoneBy: string | null
  /** What a maintenance run reports. */
  readonly result: Readonly<Record<string, unknown>> | null
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
  readonly buffer: BufferView | null
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
  /**
   * `read` makes text of a document; `apply` is the work of a maintenance run; `model` and `action` are a call to a language model
   * and what it asked for.
   */
  readonly type: 'read' | 'extract' | 'transform' | 'buffer' | 'commit' | 'apply' | 'model' | 'action'
  readonly attempt: number
  readonly status: 'completed' | 'failed'
  readonly startedAt: number
  readonly completedAt: number
  readonly output: unknown
  readonly error: RunError | null
  /** What models took for it, all calls together; absent where none was asked. */
  readonly use?: ModelUse
  /** Credits that it is charged with, as soon as it is recorded. */
  readonly charge?: Charge
}

/** A step as it was recorded. A void one is history: no later attempt goes on from its output. */
export type RecordedStep = StepRecord & { readonly isVoid: boolean }

export * from './run-event.ts'
