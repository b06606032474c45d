/** How a run of an agent or a tool is asked for, and what it tells besides what every run tells. */
import { type Static, Type } from 'typebox'
import { type StopReason, stopReasons } from '../../agents/agent-input.ts'
import type { ActionView, AgentRunView, ToolRunView } from '../../agents/agent-run-view.ts'
import { toIso } from '../../kernel/clock.ts'
import {
  AGENT_STEP_COUNT_MAX,
  NAME_LENGTH_MAX,
  RUN_INPUT_COUNT_MAX,
  RUN_INPUT_LENGTH_MAX,
  TEXT_LENGTH_MAX,
  TOKEN_COUNT_MAX,
} from '../../kernel/limits.ts'
import { Schema } from './action.ts'
import { Amount } from './credit.ts'
import { errorSentence, RunRepresentation } from './run.ts'
import { NullableString, Properties, RequestBody, UserId } from './schema.ts'
import { readSteering, steeringMembers } from './steering.ts'
import { RunWebhook } from './webhook.ts'

const { tags, metadata, timeout } = steeringMembers

const common = {
  user_id: Type.Optional(UserId),
  properties: Type.Optional(Properties),
  ...{ tags, metadata, timeout },
}

export const NewAgentRun = RequestBody({
  user_message: Type.String({ minLength: 1, maxLength: TEXT_LENGTH_MAX }),
  conversation_id: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: NAME_LENGTH_MAX,
      description: 'Runs of one conversation go on from each other, one after the other.',
    }),
  ),
  inputs: Type.Optional(
    Type.Record(
      Type.String(),
      Type.Unsafe<string | number | boolean>({
        type: ['string', 'number', 'boolean'],
        maxLength: RUN_INPUT_LENGTH_MAX,
      }),
      {
        maxProperties: RUN_INPUT_COUNT_MAX,
        description: 'Values by name: `{{inputs.city}}` in the instructions of the agent is that of `city`.',
      },
    ),
  ),
  ...common,
  max_steps: Type.Optional(Type.Integer({ minimum: 1, maximum: AGENT_STEP_COUNT_MAX })),
  max_tokens: Type.Optional(Type.Integer({ minimum: 1, maximum: TOKEN_COUNT_MAX })),
  max_credits: Type.Optional(Amount('The run stops when it has used so many.')),
  output_schema: Type.Optional(Schema('The answer is to be JSON of this schema.')),
  webhook: Type.Optional(RunWebhook),
})

export const NewToolRun = RequestBody({
  input: Type.Optional(Schema('Must match the parameters of the tool.')),
  ...common,
})

/** Members that runs of both kinds have. Throws Problem `invalid_body`. */
export const readCommon = (body: Static<typeof NewToolRun> | Static<typeof NewAgentRun>) => {
  const { user_id: userId, properties } = body
  const { tags, metadata, timeoutMs } = readSteering({
    ...(body.tags !== undefined && { tags: body.tags }),
    ...(body.metadata !== undefined && { metadata: body.metadata }),
    ...(body.timeout !== undefined && { timeout: body.timeout }),
  })
  return { userId, properties, tags, metadata, timeoutMs }
}

const ActionCall = Type.Object({
  number: Type.Integer(),
  iteration: Type.Integer({ description: 'The call to the model that asked for it; 0 in a tool run.' }),
  name: Type.String(),
  input: Type.Record(Type.String(), Type.Unknown()),
  output: Type.Unknown(),
  is_error: Type.Boolean(),
  reasoning: Type.String({ description: 'What the model said before it.' }),
  input_tokens: Type.Integer(),
  output_tokens: Type.Integer(),
  started_at: Type.String(),
  duration_ms: Type.Integer(),
})

const spent = {
  actions_used: Type.Integer(),
  input_tokens: Type.Integer(),
  output_tokens: Type.Integer(),
  tokens_used: Type.Integer(),
  credits_used: Type.String({ description: 'A decimal.' }),
  actions: Type.Array(ActionCall),
}

export const AgentRunRepresentation = Type.Object({
  run: RunRepresentation,
  steps_executed: Type.Integer({ description: 'Calls to the model, the answering one included.' }),
  ...spent,
  cached_tokens: Type.Integer({ description: 'Of the input, what the provider had kept.' }),
  final_output: NullableString('The answer of a completed run.'),
  partial_output: NullableString('What the model said last, of a run that has not completed.'),
  stop_reason: Type.Unsafe<StopReason | null>({ type: ['string', 'null'], enum: [...stopReasons, null] }),
  error: NullableString('`<stage> failed: <reason>`'),
})

export const ToolRunRepresentation = Type.Object({
  run: RunRepresentation,
  ...spent,
  output: Type.Unknown({ description: 'Of a completed run.' }),
  error: NullableString('`<stage> failed: <reason>`'),
})

const toActionCall = (action: ActionView): Static<typeof ActionCall> => ({
  number: action.number,
  iteration: action.iteration,
  name: action.name,
  input: action.input,
  output: action.output,
  is_error: action.isError,
  reasoning: action.reasoning,
  input_tokens: action.inputTokens,
  output_tokens: action.outputTokens,
  started_at: toIso(action.startedAt),
  duration_ms: action.durationMs,
})

const toSpent = (view: AgentRunView | ToolRunView) => ({
  actions_used: view.actionsUsed,
  input_tokens: view.inputTokens,
  output_tokens: view.outputTokens,
  tokens_used: view.tokensUsed,
  credits_used: view.creditsUsed,
  actions: view.actions.map(toActionCall),
  error: view.error === null ? null : errorSentence(view.error),
})

export const toAgentRunMembers = (
  view: AgentRunView,
): Omit<Static<typeof AgentRunRepresentation>, 'run'> => ({
  ...toSpent(view),
  steps_executed: view.stepsExecuted,
  cached_tokens: view.cachedTokens,
  final_output: view.finalOutput,
  partial_output: view.partialOutput,
  stop_reason: view.stopReason,
})

export const toToolRunMembers = (view: ToolRunView): Omit<Static<typeof ToolRunRepresentation>, 'run'> => ({
  ...toSpent(view),
  output: view.output,
})
