/**
 * What an endpoint is told: `{type, timestamp, data}`, as Standard Webhooks recommends. It is written down once, with the event, so
 * every attempt says the same, whatever has become of the run since.
 */
import { toRunRepresentation } from '../api/representations/run.ts'
import { toIso } from '../kernel/clock.ts'
import { WEBHOOK_OPERATION_COUNT_MAX } from '../kernel/limits.ts'
import type { RunView } from '../runs/run.ts'

export type Told = {
  readonly type: string
  readonly at: number
  readonly data: Readonly<Record<string, unknown>>
}

export const payloadText = ({ type, at, data }: Told): string =>
  JSON.stringify({ type, timestamp: toIso(at), data })

/** Of a run, all that reading it gives; of a memory, which it is and the run that changed it, never the content. */
export const payloadOf = (event: Told, view: RunView): string => {
  const isOfRun = event.type.startsWith('run.')
  return payloadText({ ...event, data: isOfRun ? runData(view) : memoryData(event, view) })
}

const runData = ({ operations, ...view }: RunView): Told['data'] => ({
  ...toRunRepresentation({ ...view, operations: operations.slice(0, WEBHOOK_OPERATION_COUNT_MAX) }),
  ...(operations.length > WEBHOOK_OPERATION_COUNT_MAX && { operations_truncated: true }),
})

const memoryData = ({ data }: Told, { run }: RunView): Told['data'] => ({
  ...data,
  run_id: run.runId,
  group_id: run.groupId,
  ...(run.userId !== null && { user_id: run.userId }),
})
