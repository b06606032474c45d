/** What is done with runs of agents and tools. */
import type { Executors } from '../pipeline/executors.ts'
import type { PipelineDependencies } from '../pipeline/step.ts'
import type { AgentDependencies } from './dependencies.ts'
import { executeAgent } from './execute-agent.ts'
import { runTool } from './run-tool.ts'

/** @param own what they need besides what every run does */
export const createAgentExecutors = (
  own: Omit<AgentDependencies, keyof PipelineDependencies>,
): Executors => ({
  agent: (dependencies, attempt) => executeAgent({ ...dependencies, ...own }, attempt),
  tool: (dependencies, attempt) => runTool({ ...dependencies, ...own }, attempt),
})
