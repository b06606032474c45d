/** THE list of operations with what the contract tests try on them, one file for each part of the API. */
import { agentContracts } from './agents.ts'
import type { Contracts } from './contract.ts'
import { conversationContracts } from './conversations.ts'
import { dataContracts } from './data.ts'
import { groupContracts } from './groups.ts'
import { healthContracts } from './health.ts'
import { keyContracts } from './keys.ts'
import { memoryContracts } from './memories.ts'
import { projectContracts } from './projects.ts'
import { runContracts } from './runs.ts'
import { userContracts } from './users.ts'
import { webhookContracts } from './webhooks.ts'

export const contracts: Contracts = {
  ...memoryContracts,
  ...runContracts,
  ...groupContracts,
  ...keyContracts,
  ...dataContracts,
  ...projectContracts,
  ...webhookContracts,
  ...userContracts,
  ...conversationContracts,
  ...agentContracts,
  ...healthContracts,
}
