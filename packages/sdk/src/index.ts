/** The TypeScript client of Remanence, the memory server for AI agents. Start at {@link Remanence}. */
export type * from './administration-types.ts'
export type * from './agent-types.ts'
export { Remanence, type RemanenceOptions } from './client.ts'
export {
  AuthenticationError,
  ConflictError,
  ConnectionError,
  InvalidRequestError,
  NotFoundError,
  PermissionError,
  type Problem,
  type ProblemDetail,
  ProblemError,
  RateLimitError,
  RemanenceError,
  ServerError,
  TimeoutError,
} from './errors.ts'
export type { Page, PageRequest } from './pages.ts'
export type {
  AgentsResource,
  ListAgentRunsOptions,
  ListAgentsOptions,
  RunAgentOptions,
  StartRunOptions,
  UpdateAgentOptions,
} from './resources/agents.ts'
export type { CreditsResource, ListTransactionsOptions, SetCreditsOptions } from './resources/credits.ts'
export type { DataResource, ExportOptions } from './resources/data.ts'
export type {
  EventFilter,
  EventsResource,
  FollowEventsOptions,
  ListEventsOptions,
} from './resources/events.ts'
export type { Flushed, FlushOptions, GroupsResource } from './resources/groups.ts'
export type { ChangeKeyOptions, CreateKeyOptions, KeysResource, RotateKeyOptions } from './resources/keys.ts'
export type {
  AddFileOptions,
  AddOptions,
  GetMemoryOptions,
  ListMemoriesOptions,
  MemoriesResource,
  MemoryOptions,
  SearchOptions,
  SteeringOptions,
} from './resources/memories.ts'
export type { EditOptions, HistoryOptions } from './resources/memory-versions.ts'
export type { CreateProjectOptions, ListProjectsOptions, ProjectsResource } from './resources/projects.ts'
export type { CancelOptions, RetryOptions, UndoOptions } from './resources/run-steering.ts'
export type {
  EventsOptions,
  FollowOptions,
  ListRunsOptions,
  RunsResource,
  WaitOptions,
} from './resources/runs.ts'
export type { ToolsResource } from './resources/tools.ts'
export type { CreateTriggerOptions, SecretsResource, TriggersResource } from './resources/triggers.ts'
export type { UsageOptions, UsageResource } from './resources/usage.ts'
export type { ListUsersOptions, UsersResource } from './resources/users.ts'
export type {
  CreateWebhookOptions,
  ListDeliveriesOptions,
  ListWebhooksOptions,
  RotateWebhookOptions,
  UpdateWebhookOptions,
  WebhooksResource,
} from './resources/webhooks.ts'
export type * from './run-insight-types.ts'
export type { RequestOptions } from './transport.ts'
export type * from './types.ts'
export { type VerifyWebhookOptions, verifyWebhook, WebhookVerificationError } from './verify-webhook.ts'
export type * from './webhook-types.ts'
