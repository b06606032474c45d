/** The shapes of agents, tools, triggers, secrets and credits, in camelCase. Instants are RFC 3339 strings, amounts decimals in text. */
import type { Run } from './run-types.ts'

export type JsonSchema = Readonly<Record<string, unknown>>

/** `name` is what the model calls it by: letters, digits, `_` and `-`. */
export type AgentAction = { readonly name: string; readonly description?: string | undefined } & (
  | { readonly type: 'memory_search'; readonly limit?: number | undefined }
  /** In this topic, or routed by the extractor. */
  | { readonly type: 'memory_add'; readonly topic?: string | undefined }
  | {
      readonly type: 'http'
      readonly parameters?: JsonSchema | undefined
      /** `{{args.NAME}}` is an argument, `{{secrets.NAME}}` a secret of the project. */
      readonly request: {
        /** Default: `GET`. */
        readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | undefined
        readonly url: string
        readonly headers?: Readonly<Record<string, string>> | undefined
        readonly query?: Readonly<Record<string, string>> | undefined
        readonly body?: unknown
      }
      /** Seconds. */
      readonly timeout?: number | undefined
    }
  /** Tools of an MCP server, each offered as `<name>_<tool>`. */
  | {
      readonly type: 'mcp'
      readonly url: string
      readonly headers?: Readonly<Record<string, string>> | undefined
      readonly tools?: readonly string[] | undefined
    }
  | { readonly type: 'agent'; readonly agentId: string }
)

export type AgentStatus = 'active' | 'inactive' | 'archived'

export type Agent = {
  readonly id: string
  readonly name: string
  readonly instructions: string
  /** At its provider; null: the configured one. */
  readonly model: string | null
  /** Calls to the model in one run. */
  readonly maxSteps: number
  readonly actions: readonly AgentAction[]
  readonly group: string
  readonly conversationMemory: boolean
  readonly status: AgentStatus
  /** Counts changes from 1. */
  readonly version: number
  readonly createdAt: string
  readonly updatedAt: string
}

export type AgentDefinition = Partial<Omit<Agent, 'id' | 'version' | 'createdAt' | 'updatedAt' | 'name'>> & {
  readonly name: string
}

export type ToolStep = {
  readonly name: string
  readonly action: AgentAction
  /** Of an mcp action the tool that is called. */
  readonly mcpTool?: string | undefined
  /** `{{input.NAME}}` of the run, `{{steps.NAME.path}}` of an earlier step. */
  readonly arguments?: Readonly<Record<string, unknown>> | undefined
}

export type Tool = {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly parameters: JsonSchema
  readonly steps: readonly ToolStep[]
  /** With places, as arguments; null: what the last step gives. */
  readonly output: unknown
  readonly outputSchema: JsonSchema | null
  readonly group: string
  readonly status: AgentStatus
  readonly version: number
  readonly createdAt: string
  readonly updatedAt: string
}

export type ToolDefinition = Partial<
  Omit<Tool, 'id' | 'version' | 'createdAt' | 'updatedAt' | 'name' | 'steps'>
> & { readonly name: string; readonly steps: readonly ToolStep[] }

export type StopReason =
  | 'final_answer'
  | 'max_steps'
  | 'max_tokens'
  | 'max_credits'
  | 'timeout'
  | 'cancelled'
  | 'error'

export type ActionCall = {
  readonly number: number
  /** The call to the model that asked for it; 0 in a tool run. */
  readonly iteration: number
  readonly name: string
  readonly input: Readonly<Record<string, unknown>>
  readonly output: unknown
  readonly isError: boolean
  /** What the model said before it. */
  readonly reasoning: string
  readonly inputTokens: number
  readonly outputTokens: number
  readonly startedAt: string
  readonly durationMs: number
}

type Spent = {
  readonly run: Run
  readonly actionsUsed: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly tokensUsed: number
  readonly creditsUsed: string
  readonly actions: readonly ActionCall[]
  readonly error: string | null
}

/** A run of an agent, with what it did and what it cost. */
export type AgentRun = Spent & {
  /** Calls to the model, the answering one included. */
  readonly stepsExecuted: number
  readonly cachedTokens: number
  /** Of a completed run. */
  readonly finalOutput: string | null
  /** What the model said last, of a run that has not completed. */
  readonly partialOutput: string | null
  readonly stopReason: StopReason | null
}

/** A run of a tool. */
export type ToolRun = Spent & { readonly output: unknown }

export type AgentTrigger = {
  readonly triggerId: string
  readonly name: string
  readonly prefix: string
  readonly target: { readonly type: 'agent' | 'tool'; readonly id: string }
  /** Whether requests must be signed. */
  readonly signed: boolean
  readonly createdAt: string
  readonly lastUsedAt: string | null
}

/** A trigger with its token: the only time that it is shown. Its address is `/webhooks/{token}`. */
export type CreatedTrigger = AgentTrigger & { readonly token: string }

export type SecretName = { readonly name: string; readonly updatedAt: string }

export type CreditRates = {
  /** By the name of the model, for 1,000 tokens; `*` is for all others. */
  readonly models: Readonly<Record<string, { readonly input: string; readonly output: string }>>
  /** Of each action. */
  readonly action: string
}

/** Of one calendar month, UTC; null: no cap. */
export type CreditCaps = {
  readonly tokens: number | null
  readonly actions: number | null
  readonly credits: string | null
}

export type Credits = {
  readonly rates: CreditRates
  readonly caps: CreditCaps
  /** What is left; null: nothing is counted down. */
  readonly balance: string | null
  /** In the current month. */
  readonly used: { readonly tokens: number; readonly actions: number; readonly credits: string }
}

export type CreditTransaction = {
  /** Order within the project. */
  readonly seq: number
  /** `carried`: earlier ones are not kept any more; its amount is the balance that they left. */
  readonly kind: 'charge' | 'grant' | 'carried'
  readonly runId: string | null
  readonly step: string | null
  readonly model: string | null
  readonly tokens: number
  readonly actions: number
  /** Negative for a charge. */
  readonly amount: string
  readonly balanceBefore: string | null
  readonly balanceAfter: string | null
  readonly at: string
}
