/** Runs of agents and tools, with what they were given, what they did and what it cost. */
import { problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import { getRun, listRuns, type RunFilterRequest } from '../runs/read-runs.ts'
import type { RunView } from '../runs/run.ts'
import type { Page, Storage } from '../storage/storage.ts'
import type { AgentInput, ToolInput } from './agent-input.ts'
import { type AgentRunView, type ToolRunView, toAgentRunView, toToolRunView } from './agent-run-view.ts'

type Reading = Pick<Access, 'storage'>

/** `input` is null when it is not kept any more. */
export type AgentRun = {
  readonly view: RunView
  readonly input: AgentInput | null
  readonly agentRun: AgentRunView
}
export type ToolRun = {
  readonly view: RunView
  readonly input: ToolInput | null
  readonly toolRun: ToolRunView
}

/** Throws what getRun throws, and Problem `not_found` when it is no run of this agent (null: of any). */
export const readAgentRun = async (
  access: Reading,
  findRunProject: Storage['findRunProject'],
  { agentId, runId }: { readonly agentId: string | null; readonly runId: string },
): Promise<AgentRun> =>
  withAgentRun(access, await runOf(access, findRunProject, { type: 'agent', subjectId: agentId, runId }))

/** As readAgentRun. */
export const readToolRun = async (
  { storage }: Reading,
  findRunProject: Storage['findRunProject'],
  { toolId, runId }: { readonly toolId: string | null; readonly runId: string },
): Promise<ToolRun> => {
  const view = await runOf({ storage }, findRunProject, { type: 'tool', subjectId: toolId, runId })
  const [steps, payload] = await Promise.all([storage.listSteps(runId), storage.readPayload(runId)])
  const input = payload?.input.type === 'tool' ? payload.input : null
  return { view, input, toolRun: toToolRunView(view, steps) }
}

/** Newest first, of all agents unless one is named. A page may be short, as one of runs may. */
export const listAgentRuns = async (
  access: Access,
  {
    filter,
    ...page
  }: {
    readonly filter: Omit<RunFilterRequest, 'inputType'>
    readonly limit: number
    readonly cursor: string | null
  },
): Promise<Page<AgentRun>> => {
  const { items, nextCursor } = await listRuns(access, {
    ...page,
    filter: { ...filter, inputType: 'agent' },
  })
  return { items: await Promise.all(items.map((view) => withAgentRun(access, view))), nextCursor }
}

const withAgentRun = async ({ storage }: Reading, view: RunView): Promise<AgentRun> => {
  const { runId } = view.run
  const [steps, payload] = await Promise.all([storage.listSteps(runId), storage.readPayload(runId)])
  const input = payload?.input.type === 'agent' ? payload.input : null
  return { view, input, agentRun: toAgentRunView(view, steps) }
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
