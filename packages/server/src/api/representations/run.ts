import { type Static, Type } from 'typebox'
import { toIso } from '../../kernel/clock.ts'
import {
  type Operation,
  type Run,
  type RunError,
  type RunState,
  type RunView,
  runStates,
  startingSteps,
} from '../../runs/run.ts'
import { NullableString, Uuid } from './schema.ts'

/** The coarse states every client of the wire knows; `state` has the exact one. */
export const runStatuses = ['running', 'in_buffer', 'completed', 'failed'] as const
export type RunStatus = (typeof runStatuses)[number]

/** A partial or cancelled run reads `failed`: old clients must not take it for done. */
export const statusOf: Readonly<Record<RunState, RunStatus>> = {
  queued: 'in_buffer',
  running: 'running',
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

const Waiting = Type.Object({
  reason: Type.Unsafe<'queue' | 'retry'>({ type: 'string', enum: ['queue', 'retry'] }),
  until: Type.Optional(Type.String({ description: 'When the next attempt may start.' })),
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
  outcome: NullableString('committed, unchanged or no_facts, once the run has ended well.'),
  error: NullableString('`<stage> failed: <reason>`; null unless the run failed or is partial.'),
  counts: Counts,
  committed_operations: Type.Unsafe<Static<typeof CommittedOperations> | null>({
    ...CommittedOperations,
    type: ['object', 'null'],
    description: 'Null only when the run failed with nothing committed.',
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
}: RunView): Static<typeof RunRepresentation> => ({
  run_id: run.runId,
  status: statusOf[run.state],
  state: run.state,
  waiting: waitingOf(run),
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
    run.state === 'failed' && operations.length === 0 ? null : committedOperations(operations),
  created_at: toIso(run.createdAt),
  updated_at: toIso(run.updatedAt),
  started_at: run.startedAt === null ? null : toIso(run.startedAt),
  completed_at: run.completedAt === null ? null : toIso(run.completedAt),
})

const errorSentence = ({ stage, detail }: RunError): string => `${stage} failed: ${detail}`

const waitingOf = (run: Run) => {
  if (run.state === 'queued') return { reason: 'queue' as const }
  return run.retryAt === null ? null : { reason: 'retry' as const, until: toIso(run.retryAt) }
}

const committedOperations = (operations: readonly Operation[]) => {
  const list = (kind: Operation['kind']) =>
    operations
      .filter((operation) => operation.kind === kind)
      .map(({ memoryId, committedAt }) => ({ memory_id: memoryId, committed_at: toIso(committedAt) }))
  return { created: list('create'), updated: list('update'), deleted: list('delete') }
}
