/** Agents, tools, triggers and charges for tests, with all but the point filled in. */
import type { Agent } from '../agents/agent.ts'
import type { Charge } from '../agents/credits.ts'
import type { Tool } from '../agents/tool.ts'
import type { Trigger } from '../agents/trigger.ts'
import { startAt } from './storage-factories.ts'

export const makeAgent = (over: Partial<Agent> & Pick<Agent, 'agentId'>): Agent => ({
  version: 1,
  name: 'concierge',
  instructions: 'Answer from what you remember.',
  model: null,
  maxSteps: 8,
  actions: [{ name: 'remember', description: 'Searches what is known.', type: 'memory_search', limit: 5 }],
  group: 'default',
  conversationMemory: true,
  status: 'active',
  createdAt: startAt,
  updatedAt: startAt,
  ...over,
})

export const makeTool = (over: Partial<Tool> & Pick<Tool, 'toolId'>): Tool => ({
  version: 1,
  name: 'look up',
  description: 'Looks something up.',
  parameters: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
  steps: [
    {
      name: 'search',
      action: { name: 'search', description: 'Searches.', type: 'memory_search', limit: 5 },
      mcpTool: null,
      arguments: { query: '{{input.query}}' },
    },
  ],
  output: null,
  outputSchema: null,
  group: 'default',
  status: 'active',
  createdAt: startAt,
  updatedAt: startAt,
  ...over,
})

export const makeTrigger = (over: Partial<Trigger> & Pick<Trigger, 'triggerId'>): Trigger => ({
  name: 'from the shop',
  prefix: 'trg_abc',
  target: { type: 'agent', id: 'an agent' },
  secret: null,
  createdAt: startAt,
  lastUsedAt: null,
  ...over,
})

export const makeCharge = (over: Partial<Charge> = {}): Charge => ({
  amount: '0.25',
  tokens: 100,
  actions: 0,
  ...over,
})
