import { type Static, Type } from 'typebox'
import { toIso, toIsoOrNull } from '../../kernel/clock.ts'
import {
  type Operation,
  type RunError,
  type RunState,
  type RunView,
  runStates,
  startingSteps,
} from '../../runs/run.ts'
import { TriggerRepresentation, toTriggerRepresentation } from './pipeline.ts'
import { NullableString, Uuid } from './schema.ts'

/** The coarse states every client of the wire knows; `state` has the exact one. */
export const runStatuses = ['running', 'in_buffer', 'completed', 'failed'] as const
export type RunStatus = (typeof runStatuses)[number]

/** A partial or cancelled run reads `failed`: old clients must not take it for done. */
export const statusOf: Readonly<Record<RunState, RunStatus>> = {
  queued: 'in_buffer',
  running: 'running',
  buffered: 'in_buffer',
  completed: 'completed',
  partial: 'failed',
  failed: 'failed',
  cancelled: 'failed',
}

const OperationList = Type.Array(Type.Object({ memory_id: Uuid, committed_at: Type.String() }))

const CommittedOperations = Type.Object({
  created: OperationList,
  updated: OperationList,
  deleted: OperationList,
})

const Counts = Type.Object({
  inputs: Type.Integer(),
  failed_inputs: Type.Integer(),
  candidates: Type.Integer({ description: 'Statements found.' }),
  created: Type.Integer(),
  updated: Type.Integer(),
  deleted: Type.Integer(),
  unchanged: Type.Integer({ description: 'Statements that were known already.' }),
})

const waitingReasons = ['queue', 'delay', 'retry', 'buffer'] as const

const Waiting = Type.Object({
  reason: Type.Unsafe<(typeof waitingReasons)[number]>({ type: 'string', enum: [...waitingReasons] }),
  until: Type.Optional(Type.String({ description: 'When the next attempt may start.' })),
  step: Type.Optional(Type.String({ description: 'The buffer step.' })),
  count: Type.Optional(Type.Integer({ description: 'Runs in the buffer.' })),
  trigger: Type.Optional(TriggerRepresentation),
  flush_at: Type.Optional(
    NullableString('When the buffer goes on at the latest; null while it waits for a count alone.'),
  ),
})

export const RunRepresentation = Type.Object({
  run_id: Uuid,
  status: Type.Unsafe<RunStatus>({ type: 'string', enum: [...runStatuses] }),
  state: Type.Unsafe<RunState>({ type: 'string', enum: [...runStates] }),
  waiting: Type.Unsafe<Static<typeof Waiting> | null>({ ...Waiting, type: ['object', 'null'] }),
  attempt: Type.Integer(),
  group_id: Uuid,
  user_id: Type.Optional(Type.String()),
  starting_step: Type.Integer(),
  input_type: Type.String(),
  event_seq: Type.Integer({ description: 'Number of its last event: `since` of a wait for news.' }),
  outcome: NullableString('committed, unchanged, no_facts, planned or done, once the run has ended well.'),
  error: NullableString('`<stage> failed: <reason>`; null unless the run failed or is partial.'),
  counts: Counts,
  committed_operations: Type.Unsafe<Static<typeof CommittedOperations> | null>({
    ...CommittedOperations,
    type: ['object', 'null'],
    description: 'Null only when the run failed or was cancelled with nothing committed.',
  }),
  priority: Type.Integer({ description: 'Of the waiting runs of a project the highest goes first.' }),
  tags: Type.Array(Type.String()),
  metadata: Type.Unsafe<Readonly<Record<string, unknown>> | null>({ type: ['object', 'null'] }),
  dry_run: Type.Boolean({ description: 'It commits nothing by itself.' }),
  wire: Type.String({ description: 'The API it came through.' }),
  traceparent: NullableString('W3C Trace Context of the request that made it.'),
  replay_of: NullableString('The run whose input it has.'),
  undo_of: NullableString('The run whose operations it takes back.'),
  parent_run_id: NullableString('The run that asked for it, and goes on when it has ended.'),
  subject_id: NullableString('The agent or the tool that it is a run of.'),
  conversation_id: NullableString('Agent runs of one conversation go on from each other.'),
  undone_by: NullableString('The run that took back what this one committed.'),
  expires_at: NullableString('It is cancelled unless started by then.'),
  deadline_at: NullableString('It fails unless it has ended by then.'),
  cancel_requested_at: NullableString('It ends at its next safe point.'),
  dismissed_at: NullableString('When somebody dismissed its failure.'),
  result: Type.Unsafe<Readonly<Record<string, unknown>> | null>({
    type: ['object', 'null'],
    description: 'What a maintenance run, a dry run, or a run of an agent or a tool reports.',
  }),
  created_at: Type.String(),
  updated_at: Type.String(),
  started_at: NullableString('When the first attempt began.'),
  completed_at: NullableString('When the run ended, however it did.'),
})

export const toRunRepresentation = ({
  run,
  operations,
  eventSeq,
  buffer,
}: RunView): Static<typeof RunRepresentation> => ({
  run_id: run.runId,
  status: statusOf[run.state],
  state: run.state,
  waiting: waitingOf({ run, buffer }),
  attempt: run.attempt,
  group_id: run.groupId,
  ...(run.userId !== null && { user_id: run.userId }),
  starting_step: startingSteps[run.inputType],
  input_type: run.inputType,
  event_seq: eventSeq,
  outcome: run.outcome,
  error: run.error !== null && statusOf[run.state] === 'failed' ? errorSentence(run.error) : null,
  counts: {
    inputs: run.counts.inputs,
    failed_inputs: run.counts.failedInputs,
    candidates: run.counts.candidates,
    created: run.counts.created,
    updated: run.counts.updated,
    deleted: run.counts.deleted,
    unchanged: run.counts.unchanged,
  },
  committed_operations:
    (run.state === 'failed' || run.state === 'cancelled') && operations.length === 0
      ? null
      : committedOperations(operations),
  priority: run.priority,
  tags: [...run.tags],
  metadata: run.metadata,
  dry_run: run.dryRun,
  wire: run.wire,
  traceparent: run.traceparent,
  replay_of: run.replayOf,
  undo_of: run.undoOf,
  parent_run_id: run.parentRunId,
  subject_id: run.subjectId,
  conversation_id: run.conversationId,
  undone_by: run.undoneBy,
  expires_at: toIsoOrNull(run.expiresAt),
  deadline_at: toIsoOrNull(run.deadlineAt),
  cancel_requested_at: toIsoOrNull(run.cancelRequestedAt),
  dismissed_at: toIsoOrNull(run.dismissedAt),
  result: resultOf(run),
  created_at: toIso(run.createdAt),
  updated_at: toIso(run.updatedAt),
  started_at: toIsoOrNull(run.startedAt),
  completed_at: toIsoOrNull(run.completedAt),
})

/** What agents report has names of the domain in the store. */
const resultOf = ({ inputType, result }: RunView['run']): RunView['run']['result'] =>
  inputType === 'agent' && result !== null
    ? { final_output: result.finalOutput, stop_reason: result.stopReason }
    : result

export const errorSentence = ({ stage, detail }: RunError): string => `${stage} failed: ${detail}`

const waitingOf = ({ run, buffer }: Pick<RunView, 'run' | 'buffer'>): Static<typeof Waiting> | null => {
  if (run.state === 'buffered' && buffer !== null) {
    const { step, count, trigger, flushAt } = buffer
    return {
      ...{ reason: 'buffer', step, count },
      trigger: toTriggerRepresentation(trigger),
      flush_at: toIsoOrNull(flushAt),
    }
  }
  if (run.delayedUntil !== null) return { reason: 'delay', until: toIso(run.delayedUntil) }
  if (run.state === 'queued') return { reason: 'queue' }
  return run.retryAt === null ? null : { reason: 'retry', until: toIso(run.retryAt) }
}

const committedOperations = (operations: readonly Operation[]) => {
  const list = (kind: Operation['kind']) =>
    operations
      .filter((operation) => operation.kind === kind)
      .map(({ memoryId, committedAt }) => ({ memory_id: memoryId, committed_at: toIso(committedAt) }))
  return { created: list('create'), updated: list('update'), deleted: list('delete') }
}
