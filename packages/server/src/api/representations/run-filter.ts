/** Filters of runs as they are written in a query. */
import { type Static, Type } from 'typebox'
import type { RunFilterRequest } from '../../runs/read-runs.ts'
import { type InputType, inputTypes, type RunState, runStates } from '../../runs/run.ts'
import { type RunStatus, runStatuses, statusOf } from './run.ts'
import { GroupName, Name, UserId } from './schema.ts'

const From = (what: string) =>
  Type.String({ format: 'date-time', description: `Only runs ${what} at this instant (RFC 3339) or later.` })
const Before = (what: string) =>
  Type.String({ format: 'date-time', description: `Only runs ${what} before this instant (RFC 3339).` })

/** Members of a query; all that are given must hold. */
export const runFilterMembers = {
  state: Type.Optional(Type.Unsafe<RunState>({ type: 'string', enum: [...runStates] })),
  status: Type.Optional(Type.Unsafe<RunStatus>({ type: 'string', enum: [...runStatuses] })),
  user_id: Type.Optional(UserId),
  group: Type.Optional(GroupName),
  input_type: Type.Optional(Type.Unsafe<InputType>({ type: 'string', enum: [...inputTypes] })),
  tag: Type.Optional(Name('Only runs with this tag.')),
  parent_run_id: Type.Optional(Name('Only runs that this run asked for.')),
  subject_id: Type.Optional(Name('Only runs of this agent or tool.')),
  conversation_id: Type.Optional(Name('Only agent runs of this conversation.')),
  created_after: Type.Optional(From('accepted')),
  created_before: Type.Optional(Before('accepted')),
  completed_after: Type.Optional(From('that ended')),
  completed_before: Type.Optional(Before('that ended')),
  error: Type.Optional(Name('Only runs that failed with this in their error or its code, of whatever case.')),
  dismissed: Type.Optional(Type.Boolean({ description: 'Only runs that were dismissed, or only others.' })),
}

const Members = Type.Object(runFilterMembers)

export const readRunFilterMembers = (members: Static<typeof Members>): RunFilterRequest => ({
  states: statesOf(members),
  ...(members.user_id !== undefined && { userId: members.user_id }),
  ...(members.group !== undefined && { group: members.group }),
  inputType: members.input_type ?? null,
  tag: members.tag ?? null,
  parentRunId: members.parent_run_id ?? null,
  subjectId: members.subject_id ?? null,
  conversationId: members.conversation_id ?? null,
  isDismissed: members.dismissed ?? null,
  createdAfter: instantOf(members.created_after),
  createdBefore: instantOf(members.created_before),
  completedAfter: instantOf(members.completed_after),
  completedBefore: instantOf(members.completed_before),
  error: members.error ?? null,
})

const instantOf = (text: string | undefined): number | null => (text === undefined ? null : Date.parse(text))

const statesOf = ({
  state,
  status,
}: {
  state?: RunState | undefined
  status?: RunStatus | undefined
}): readonly RunState[] | null => {
  if (state === undefined && status === undefined) return null
  return runStates.filter((one) => (state ?? one) === one && (status ?? statusOf[one]) === statusOf[one])
}
