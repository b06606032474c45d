/** Runs of agents and of tools, with what was handed in and what is recorded of them. */
import { problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import { getRun, listRuns, type RunFilterRequest } from '../runs/read-runs.ts'
import type { Run, RunView } from '../runs/run.ts'
import type { Page, Storage } from '../storage/storage.ts'
import type { AgentInput, ToolInput } from './agent-input.ts'
import { type AgentRunView, type ToolRunView, toAgentRunView, toToolRunView } from './agent-run-view.ts'

type Reader = Pick<Access, 'storage'>
type FindRunProject = Storage['findRunProject']

/** `input` is null when it is not kept any more. */
export type AgentRun = AgentRunView & { readonly run: Run; readonly input: AgentInput | null }
export type ToolRun = ToolRunView & { readonly run: Run; readonly input: ToolInput | null }

/** Throws what getRun throws, and Problem `not_found` when it is a run of another kind. */
export const readAgentRun = async (
  reader: Reader,
  findRunProject: FindRunProject,
  runId: string,
): Promise<AgentRun> => {
  const view = await getRun(reader, findRunProject, runId)
  if (view.run.inputType !== 'agent') throw problem('not_found', `agent run ${runId} not found`)
  return toAgentRun(reader, view)
}

/** Throws what getRun throws, and Problem `not_found` when it is a run of another kind. */
export const readToolRun = async (
  reader: Reader,
  findRunProject: FindRunProject,
  runId: string,
): Promise<ToolRun> => {
  const view = await getRun(reader, findRunProject, runId)
  if (view.run.inputType !== 'tool') throw problem('not_found', `tool run ${runId} not found`)
  const [steps, payload] = await Promise.all([
    reader.storage.listSteps(runId),
    reader.storage.readPayload(runId),
  ])
  const input = payload?.input.type === 'tool' ? payload.input : null
  return { ...toToolRunView(view, steps), run: view.run, input }
}

/** Newest first; a page may be short, as a list of runs may. */
export const listAgentRuns = async (
  access: Access,
  request: {
    readonly filter: Omit<RunFilterRequest, 'inputType'>
    readonly limit: number
    readonly cursor: string | null
  },
): Promise<Page<AgentRun>> => {
  const { items, nextCursor } = await listRuns(access, {
    ...request,
    filter: { ...request.filter, inputType: 'agent' },
  })
  return { items: await Promise.all(items.map((view) => toAgentRun(access, view))), nextCursor }
}

const toAgentRun = async ({ storage }: Reader, view: RunView): Promise<AgentRun> => {
  const { runId } = view.run
  const [steps, payload] = await Promise.all([storage.listSteps(runId), storage.readPayload(runId)])
  const input = payload?.input.type === 'agent' ? payload.input : null
  return { ...toAgentRunView(view, steps), run: view.run, input }
}
