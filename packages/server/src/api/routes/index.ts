/** THE list of routes. */
import type { Route } from '../route.ts'
import { addMemories } from './add-memories.ts'
import { archiveAgent } from './archive-agent.ts'
import { archiveTool } from './archive-tool.ts'
import { backup } from './backup.ts'
import { bulkRuns } from './bulk-runs.ts'
import { cancelRun } from './cancel-run.ts'
import { changeCredits } from './change-credits.ts'
import { changeKey } from './change-key.ts'
import { changeProject } from './change-project.ts'
import { commitRun } from './commit-run.ts'
import { createAgent } from './create-agent.ts'
import { createKey } from './create-key.ts'
import { createProject } from './create-project.ts'
import { createTool } from './create-tool.ts'
import { createTrigger } from './create-trigger.ts'
import { createWebhook } from './create-webhook.ts'
import { deleteConversation } from './delete-conversation.ts'
import { deleteGroup } from './delete-group.ts'
import { deleteMemories } from './delete-memories.ts'
import { deleteMemory } from './delete-memory.ts'
import { deleteProject } from './delete-project.ts'
import { deleteSecret } from './delete-secret.ts'
import { deleteTopic } from './delete-topic.ts'
import { deleteTrigger } from './delete-trigger.ts'
import { deleteWebhook } from './delete-webhook.ts'
import { dismissRun } from './dismiss-run.ts'
import { docs } from './docs.ts'
import { editMemory } from './edit-memory.ts'
import { eraseUser } from './erase-user.ts'
import { examine } from './examine.ts'
import { exportRecords } from './export-records.ts'
import { flushGroup } from './flush-group.ts'
import { flushRun } from './flush-run.ts'
import { getAgent } from './get-agent.ts'
import { getAgentRun } from './get-agent-run.ts'
import { getConversation } from './get-conversation.ts'
import { getCredits } from './get-credits.ts'
import { getDelivery } from './get-delivery.ts'
import { getGroup } from './get-group.ts'
import { getGroupByName } from './get-group-by-name.ts'
import { getMemory } from './get-memory.ts'
import { getMemoryHistory } from './get-memory-history.ts'
import { getOwnProject } from './get-own-project.ts'
import { getProject } from './get-project.ts'
import { getRun } from './get-run.ts'
import { getRunStats } from './get-run-stats.ts'
import { getTool } from './get-tool.ts'
import { getToolRun } from './get-tool-run.ts'
import { getUsage } from './get-usage.ts'
import { getUser } from './get-user.ts'
import { getWebhook } from './get-webhook.ts'
import { grantCredits } from './grant-credits.ts'
import { health } from './health.ts'
import { importRecords } from './import-records.ts'
import { listAgentRuns } from './list-agent-runs.ts'
import { listAgents } from './list-agents.ts'
import { listConversations } from './list-conversations.ts'
import { listCreditTransactions } from './list-credit-transactions.ts'
import { listDeliveries } from './list-deliveries.ts'
import { listEvents } from './list-events.ts'
import { listGroups } from './list-groups.ts'
import { listKeys } from './list-keys.ts'
import { listMemories } from './list-memories.ts'
import { listMessages } from './list-messages.ts'
import { listProjectEvents } from './list-project-events.ts'
import { listProjects } from './list-projects.ts'
import { listRuns } from './list-runs.ts'
import { listSecrets } from './list-secrets.ts'
import { listSteps } from './list-steps.ts'
import { listToolRuns } from './list-tool-runs.ts'
import { listTools } from './list-tools.ts'
import { listTriggers } from './list-triggers.ts'
import { listUsage } from './list-usage.ts'
import { listUsers } from './list-users.ts'
import { listWebhooks } from './list-webhooks.ts'
import { metrics } from './metrics.ts'
import { putGroup } from './put-group.ts'
import { putSecret } from './put-secret.ts'
import { putTopic } from './put-topic.ts'
import { ready } from './ready.ts'
import { replayDeadDeliveries } from './replay-dead-deliveries.ts'
import { replayDelivery } from './replay-delivery.ts'
import { replayRun } from './replay-run.ts'
import { retryRun } from './retry-run.ts'
import { revokeKey } from './revoke-key.ts'
import { rotateKey } from './rotate-key.ts'
import { rotateWebhook } from './rotate-webhook.ts'
import { runAgent } from './run-agent.ts'
import { runTool } from './run-tool.ts'
import { searchMemories } from './search-memories.ts'
import { steerProject } from './steer-project.ts'
import { testWebhook } from './test-webhook.ts'
import { undoRun } from './undo-run.ts'
import { updateAgent } from './update-agent.ts'
import { updateTool } from './update-tool.ts'
import { updateWebhook } from './update-webhook.ts'
import { verifyKey } from './verify-key.ts'

export const routes: readonly Route[] = [
  addMemories,
  searchMemories,
  listMemories,
  getMemory,
  deleteMemory,
  editMemory,
  getMemoryHistory,
  deleteMemories,
  eraseUser,
  listRuns,
  getRun,
  listEvents,
  listSteps,
  getRunStats,
  listProjectEvents,
  cancelRun,
  retryRun,
  replayRun,
  undoRun,
  commitRun,
  dismissRun,
  bulkRuns,
  flushRun,
  listGroups,
  getGroupByName,
  getGroup,
  putGroup,
  deleteGroup,
  putTopic,
  deleteTopic,
  flushGroup,
  listKeys,
  createKey,
  changeKey,
  rotateKey,
  revokeKey,
  createWebhook,
  listWebhooks,
  getWebhook,
  updateWebhook,
  deleteWebhook,
  rotateWebhook,
  testWebhook,
  listDeliveries,
  getDelivery,
  replayDelivery,
  replayDeadDeliveries,
  createAgent,
  listAgents,
  getAgent,
  updateAgent,
  archiveAgent,
  runAgent,
  listAgentRuns,
  getAgentRun,
  createTool,
  listTools,
  getTool,
  updateTool,
  archiveTool,
  runTool,
  listToolRuns,
  getToolRun,
  createTrigger,
  listTriggers,
  deleteTrigger,
  putSecret,
  listSecrets,
  deleteSecret,
  getCredits,
  changeCredits,
  grantCredits,
  listCreditTransactions,
  verifyKey,
  examine,
  exportRecords,
  importRecords,
  listConversations,
  getConversation,
  listMessages,
  deleteConversation,
  listUsers,
  getUser,
  getOwnProject,
  steerProject,
  getUsage,
  listUsage,
  listProjects,
  createProject,
  getProject,
  changeProject,
  deleteProject,
  backup,
  health,
  ready,
  metrics,
  docs,
]
