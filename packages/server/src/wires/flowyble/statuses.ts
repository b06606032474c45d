import { isTerminal, type Run, type RunState } from '../../runs/run.ts'

/** What the wire calls a state. It has no partial success: agents and tools end wholly or not at all. */
export const statuses = ['Pending', 'Running', 'Completed', 'Failed', 'Cancelled'] as const
export type Status = (typeof statuses)[number]

const statusByState: Readonly<Record<RunState, Status>> = {
  queued: 'Pending',
  running: 'Running',
  buffered: 'Running',
  completed: 'Completed',
  partial: 'Failed',
  failed: 'Failed',
  cancelled: 'Cancelled',
}

/** The states that a status stands for. */
export const statesOf = (status: Status): readonly RunState[] =>
  // safety: the keys of the object just above
  (Object.keys(statusByState) as RunState[]).filter((state) => statusByState[state] === status)

/** `statusInt` counts the statuses in their order: the fifth, which tools of the original lack, is the natural next number. */
export const statusMembers = ({ state }: Pick<Run, 'state'>) => {
  const status = statusByState[state]
  return { status, statusInt: statuses.indexOf(status), isTerminal: isTerminal(state) }
}
