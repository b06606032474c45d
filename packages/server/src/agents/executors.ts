/** What is done with runs of agents and tools. */
import type { Executors } from '../pipeline/executors.ts'
import type { PipelineDependencies } from '../pipeline/step.ts'
import type { AgentDependencies } from './dependencies.ts'

/**
 * What executes them is loaded with the first of them, so a start does not wait for it.
 *
 * @param own what they need besides what every run does
 */
export const createAgentExecutors = (
  own: Omit<AgentDependencies, keyof PipelineDependencies>,
): Executors => ({
  agent: async (dependencies, attempt) => {
    const { executeAgent } = await import('./execute-agent.ts')
    await executeAgent({ ...dependencies, ...own }, attempt)
  },
  tool: async (dependencies, attempt) => {
    const { runTool } = await import('./run-tool.ts')
    await runTool({ ...dependencies, ...own }, attempt)
  },
})
