/** A run of an agent or a tool, with what it did and what it cost. */
import { problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import { getRun } from '../runs/read-runs.ts'
import type { RunView } from '../runs/run.ts'
import type { Storage } from '../storage/storage.ts'
import { type AgentRunView, type ToolRunView, toAgentRunView, toToolRunView } from './agent-run-view.ts'

type Reading = Pick<Access, 'storage'>

/** Throws what getRun throws, and Problem `not_found` when it is no run of this agent (null: of any). */
export const readAgentRun = async (
  access: Reading,
  findRunProject: Storage['findRunProject'],
  { agentId, runId }: { readonly agentId: string | null; readonly runId: string },
): Promise<{ readonly view: RunView; readonly agentRun: AgentRunView }> => {
  const view = await runOf(access, findRunProject, { type: 'agent', subjectId: agentId, runId })
  return { view, agentRun: toAgentRunView(view, await access.storage.listSteps(runId)) }
}

/** As readAgentRun. */
export const readToolRun = async (
  access: Reading,
  findRunProject: Storage['findRunProject'],
  { toolId, runId }: { readonly toolId: string | null; readonly runId: string },
): Promise<{ readonly view: RunView; readonly toolRun: ToolRunView }> => {
  const view = await runOf(access, findRunProject, { type: 'tool', subjectId: toolId, runId })
  return { view, toolRun: toToolRunView(view, await access.storage.listSteps(runId)) }
}

const runOf = async (
  access: Reading,
  findRunProject: Storage['findRunProject'],
  wanted: { readonly type: 'agent' | 'tool'; readonly subjectId: string | null; readonly runId: string },
): Promise<RunView> => {
  const { type, subjectId, runId } = wanted
  const view = await getRun(access, findRunProject, runId)
  if (view.run.inputType === type && (subjectId === null || view.run.subjectId === subjectId)) return view
  throw problem(
    'not_found',
    `run ${runId} is no run of ${subjectId === null ? `a ${type}` : `${type} ${subjectId}`}`,
  )
}
