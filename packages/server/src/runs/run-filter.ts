/** Which runs are meant: of a list, and of an operation on many. */
import type { InputType, RunState } from './run.ts'

/** Every member narrows; null does not. A range takes its first instant in and leaves its second one out. */
export type RunFilter = {
  readonly states: readonly RunState[] | null
  readonly userKey: string | null
  readonly groupId: string | null
  readonly inputType: InputType | null
  readonly tag: string | null
  readonly parentRunId: string | null
  readonly subjectId: string | null
  readonly conversationId: string | null
  readonly createdAfter: number | null
  readonly createdBefore: number | null
  readonly completedAfter: number | null
  readonly completedBefore: number | null
  /** Contained in `<stage> failed: <detail>` or the code, of whatever case. */
  readonly error: string | null
  /** Whether somebody has dismissed it. */
  readonly isDismissed: boolean | null
}

/** All runs of a project. */
export const everyRun: RunFilter = {
  states: null,
  userKey: null,
  groupId: null,
  inputType: null,
  tag: null,
  parentRunId: null,
  subjectId: null,
  conversationId: null,
  createdAfter: null,
  createdBefore: null,
  completedAfter: null,
  completedBefore: null,
  error: null,
  isDismissed: null,
}

/** What a run may have failed with is told once it has failed; before that it may yet succeed. */
const statesWithError: readonly RunState[] = ['partial', 'failed', 'cancelled']

/** The filter with what its members imply: only a run that has failed has an error to look into. */
export const withImplied = (filter: RunFilter): RunFilter =>
  filter.error === null
    ? filter
    : { ...filter, states: statesWithError.filter((state) => filter.states?.includes(state) ?? true) }
