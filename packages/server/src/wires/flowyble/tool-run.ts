/** A tool run as the wire shows it. */
import type { ToolRun } from '../../agents/read-agent-run.ts'
import { toIso, toIsoOrNull } from '../../kernel/clock.ts'
import { durationOf } from './agent-run.ts'
import { statusMembers } from './statuses.ts'

const errorMessageOf = ({ view: { run }, toolRun: { error } }: ToolRun): string | null =>
  error === null || run.state === 'cancelled' ? null : `${error.stage} failed: ${error.detail}`

const commonMembers = (given: ToolRun) => {
  const { toolRun } = given
  const { run } = given.view
  return {
    id: run.runId,
    toolId: run.subjectId,
    ...statusMembers(run),
    errorMessage: errorMessageOf(given),
    tokensUsed: toolRun.tokensUsed,
    actionsUsed: toolRun.actionsUsed,
    duration: durationOf(run),
  }
}

export const toToolStatus = (given: ToolRun) => {
  const { createdAt, startedAt, completedAt } = given.view.run
  return {
    ...commonMembers(given),
    createdAt: toIso(createdAt),
    startedAt: toIsoOrNull(startedAt),
    finishedAt: toIsoOrNull(completedAt),
  }
}

/** Data and schema are JSON in a text, as the wire has it; null where there is none, or none yet. */
export const toToolResult = (given: ToolRun) => {
  const { view, input, toolRun } = given
  const textOf = (value: unknown) => (value === null ? null : JSON.stringify(value))
  return {
    ...commonMembers(given),
    toolName: input?.tool.name ?? null,
    inputData: textOf(input?.input ?? null),
    outputData: view.run.state === 'completed' ? JSON.stringify(toolRun.output) : null,
    outputSchema: textOf(input?.tool.outputSchema ?? null),
  }
}
