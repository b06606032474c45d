/** Agents and runs of them, put into the data directory of a server while it does not run. */
import type { Agent } from '../agents/agent.ts'
import { type AgentRunRequest, startAgentRun } from '../agents/run-agent.ts'
import { systemClock } from '../kernel/clock.ts'
import { createRandomIds } from '../kernel/ids.ts'
import { defaultLimits } from '../kernel/limits.ts'
import { openSqliteStorage } from '../storage/sqlite/sqlite-storage.ts'
import { makeAgent } from './agent-factories.ts'

type Asked = Omit<AgentRunRequest, 'agentId' | 'trigger'> & { readonly agent?: Partial<Agent> }

/** Answers the ids of the runs, in order. The server has made its project before. */
export const prepareAgentRuns = async (
  dataDir: string,
  asked: readonly Asked[],
): Promise<readonly string[]> => {
  await using storage = openSqliteStorage({ dataDir })
  const [found] = await storage.listProjects()
  if (found === undefined) throw new Error('the server has not been there yet')
  const project = storage.project(found.projectId)
  const ids = createRandomIds()
  const access = {
    ...{
      storage: project,
      clock: systemClock,
      ids,
      limits: defaultLimits,
      traceparent: null,
      wire: 'native',
    },
    wakeWorker: () => {},
    abortRun: () => {},
  }
  const runIds: string[] = []
  for (const { agent, ...request } of asked) {
    const value = makeAgent({ agentId: ids.next(), ...agent })
    await project.agents.agents.put({ value, expectedVersion: 0, countMax: 100, now: systemClock.now() })
    const { runId } = await startAgentRun(access, { agentId: value.agentId, trigger: 'api', ...request })
    runIds.push(runId)
  }
  return runIds
}
