/** A tool run as the wire shows it. */
import type { ToolRunView } from '../../agents/agent-run-view.ts'
import { toIso } from '../../kernel/clock.ts'
import { durationOf } from './agent-run.ts'
import { statusMembers } from './statuses.ts'

const instantOf = (at: number | null): string | null => (at === null ? null : toIso(at))

const errorMessageOf = ({ run }: ToolRunView): string | null =>
  run.state === 'failed' && run.error !== null ? `${run.error.stage} failed: ${run.error.detail}` : null

export const toToolStatus = (view: ToolRunView) => ({
  id: view.run.runId,
  toolId: view.input.tool.toolId,
  ...statusMembers(view.run),
  errorMessage: errorMessageOf(view),
  tokensUsed: view.inputTokens + view.outputTokens,
  actionsUsed: view.actionsUsed,
  createdAt: toIso(view.run.createdAt),
  startedAt: instantOf(view.run.startedAt),
  finishedAt: instantOf(view.run.completedAt),
  duration: durationOf(view.run),
})

/** Data and schema are JSON in a text, as the wire has it; null where there is none yet. */
export const toToolResult = (view: ToolRunView) => {
  const { tool, input } = view.input
  const { output } = view
  const { createdAt: _created, startedAt: _started, finishedAt: _finished, ...status } = toToolStatus(view)
  return {
    ...status,
    toolName: tool.name,
    inputData: JSON.stringify(input),
    outputData: output === undefined ? null : JSON.stringify(output),
    outputSchema: tool.outputSchema === null ? null : JSON.stringify(tool.outputSchema),
  }
}
