/** A tool run as the wire shows it. */
import type { ToolRun } from '../../agents/read-agent-run.ts'
import { toIso } from '../../kernel/clock.ts'
import { durationOf } from './agent-run.ts'
import { statusMembers } from './statuses.ts'

const instantOf = (at: number | null): string | null => (at === null ? null : toIso(at))

const errorMessageOf = ({ run, error }: ToolRun): string | null =>
  error === null || run.state === 'cancelled' ? null : `${error.stage} failed: ${error.detail}`

export const toToolStatus = (view: ToolRun) => ({
  id: view.run.runId,
  toolId: view.run.subjectId,
  ...statusMembers(view.run),
  errorMessage: errorMessageOf(view),
  tokensUsed: view.tokensUsed,
  actionsUsed: view.actionsUsed,
  createdAt: toIso(view.run.createdAt),
  startedAt: instantOf(view.run.startedAt),
  finishedAt: instantOf(view.run.completedAt),
  duration: durationOf(view.run),
})

/** Data and schema are JSON in a text, as the wire has it; null where there is none yet. */
export const toToolResult = (view: ToolRun) => {
  const { output, input } = view
  const outputSchema = input?.tool.outputSchema ?? null
  const { createdAt: _created, startedAt: _started, finishedAt: _finished, ...status } = toToolStatus(view)
  return {
    ...status,
    toolName: input?.tool.name ?? null,
    inputData: input === null ? null : JSON.stringify(input.input),
    outputData: view.run.state === 'completed' ? JSON.stringify(output) : null,
    outputSchema: outputSchema === null ? null : JSON.stringify(outputSchema),
  }
}
