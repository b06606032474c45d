/** Runs of agents and tools, as they are accepted: with the definition as it is now, in a line of their own. */

import { AGENT_DEPTH_MAX } from '../kernel/limits.ts'
import { type ProblemError, problem } from '../kernel/problem.ts'
import { refuseUnknownProperties } from '../memories/filter.ts'
import type { Access } from '../projects/access.ts'
import { findGroup } from '../projects/find-group.ts'
import type { Group } from '../projects/group.ts'
import { type Properties, userKeyOf } from '../projects/scope.ts'
import { acceptRun } from '../runs/accept-run.ts'
import type { RunPayload } from '../runs/input.ts'
import type { RunOptions } from '../runs/run.ts'
import { digestOf } from '../runs/run-key.ts'
import { type AskedWebhook, newWebhook, refuseWrongWebhook } from '../webhooks/new-webhook.ts'
import type { Webhook } from '../webhooks/webhook.ts'
import type { JsonSchema } from './action-spec.ts'
import type { Agent } from './agent.ts'
import type { AgentInput, AgentRunBounds, RunTrigger, ToolInput } from './agent-input.ts'
import { isLess } from './amount.ts'
import { schemaErrors } from './check-actions.ts'
import { compileSchema } from './json-schema.ts'
import { getAgent } from './manage-agents.ts'
import { refuseExhausted } from './manage-credits.ts'
import { getTool } from './manage-tools.ts'
import { misfits, nameMistakes, type RunInputs } from './run-inputs.ts'
import type { Tool } from './tool.ts'

/** Who asks: a caller, or an agent on behalf of one. */
export type Starter = Omit<Access, 'keyId' | 'scopes'>

type Common = {
  readonly userId?: string | undefined
  /** Values of the scope properties of its memories. */
  readonly properties?: Properties | undefined
  readonly metadata?: RunOptions['metadata'] | undefined
  readonly tags?: readonly string[] | undefined
  readonly timeoutMs?: RunOptions['timeoutMs'] | undefined
  readonly idempotencyKey?: string | undefined
  readonly trigger: RunTrigger
  /** The run that asks for it, and how deep that is. */
  readonly parent?: { readonly runId: string; readonly depth: number } | undefined
}

export type AgentRunRequest = Common & {
  readonly agentId: string
  readonly userMessage: string
  /** Values for the places in its instructions. */
  readonly inputs?: RunInputs | undefined
  /** Runs of one conversation go on from each other, one after the other. */
  readonly conversationId?: string | undefined
  readonly bounds?: Partial<AgentRunBounds> | undefined
  readonly outputSchema?: JsonSchema | undefined
  /** That it brings along, to be told of it alone. */
  readonly webhook?: AskedWebhook | undefined
}

export type ToolRunRequest = Common & {
  readonly toolId: string
  readonly input: Readonly<Record<string, unknown>>
}

/**
 * `webhook` is the one that the run brought along; null when it has none, or none any more. The answer to the same request again has it
 * again: who lost the first one could not read what it is told.
 */
export type Started = {
  readonly runId: string
  readonly replayed: boolean
  readonly webhook: Webhook | null
}

/**
 * Accepts a run of an agent, durably. Throws Problem `not_found`, `inactive` (it does not run now), `empty_content`, `invalid_body` (the
 * schema, a bound, the inputs), `target_refused` (the webhook), `unknown_group`, `unknown_property`, `insufficient_credits`, and what acceptRun
 * throws.
 */
export const startAgentRun = async (access: Starter, request: AgentRunRequest): Promise<Started> => {
  const {
    agentId,
    userMessage,
    inputs,
    conversationId = null,
    outputSchema = null,
    trigger,
    parent,
  } = request
  const agent = await getAgent(access, agentId)
  if (userMessage.trim() === '')
    throw problem('empty_content', 'The message to the agent is empty.', {
      errors: [{ message: 'empty', location: 'body.user_message' }],
    })
  const schemaProblems = outputSchema === null ? [] : await schemaErrors(outputSchema, 'body.output_schema')
  refuseWrong([...schemaProblems, ...boundErrors(request.bounds ?? {}), ...nameMistakes(inputs ?? {})])
  const depth = parent === undefined ? 0 : parent.depth + 1
  if (depth > AGENT_DEPTH_MAX)
    throw problem('conflict', `Agents may ask each other ${AGENT_DEPTH_MAX} levels deep, and no deeper.`)
  const { maxSteps = null, maxTokens = null, maxCredits = null } = request.bounds ?? {}
  const input: AgentInput = {
    type: 'agent',
    ...{ agent, userMessage, outputSchema, trigger, depth },
    bounds: { maxSteps, maxTokens, maxCredits },
    ...(inputs !== undefined && { inputs }),
  }
  return start(access, request, {
    input,
    subject: agent,
    subjectId: agentId,
    conversationId,
    webhook: request.webhook ?? null,
    // Who waits for it may be of the same conversation.
    line: parent === undefined ? conversationId : null,
  })
}

/**
 * Accepts a run of a tool, durably. Throws Problem `not_found`, `inactive` (it does not run now), `invalid_body` (the input does not match
 * its parameters), `unknown_group`, `unknown_property`, `insufficient_credits`, and what acceptRun throws.
 */
export const startToolRun = async (access: Starter, request: ToolRunRequest): Promise<Started> => {
  const { toolId, input, trigger } = request
  const tool = await getTool(access, toolId)
  const check = await compileSchema(tool.parameters)
  refuseWrong(
    check(input).map(({ message, path }) => ({
      message,
      location: path === '' ? 'body.input' : `body.input.${path}`,
    })),
  )
  return start(access, request, {
    input: { type: 'tool', tool, input, trigger },
    subject: tool,
    subjectId: toolId,
    ...{ conversationId: null, line: null, webhook: null },
  })
}

type Work = Pick<RunOptions, 'conversationId'> & {
  readonly subjectId: string
  readonly input: AgentInput | ToolInput
  readonly subject: Agent | Tool
  /** What else stands in its line: the conversation, or (null) nothing. */
  readonly line: string | null
  readonly webhook: AskedWebhook | null
}

const start = async (access: Starter, request: Common, work: Work): Promise<Started> => {
  const { userId, properties = {}, metadata, tags, timeoutMs, idempotencyKey, parent } = request
  const { input, subject, subjectId, conversationId, line, webhook } = work
  const group = await findGroup(access.storage, subject.group)
  refuseUnknownProperties(group, properties)
  const digest = requestDigestOf(request)
  // What was accepted once is answered again, whatever has become of the agent and the credits.
  if (!(await isKnown(access, idempotencyKey))) {
    refuseIdle(work)
    if (input.type === 'agent') refuseWrong(misfits(input.agent.instructions, input.inputs ?? {}))
    if (webhook !== null) refuseWrongWebhook(webhook)
    await refuseExhausted(access)
  }
  const runId = access.ids.next()
  const payload: RunPayload = { input, properties }
  const accepted = await acceptRun(access, {
    ...{ runId, groupId: group.groupId, groupVersion: group.version },
    laneId: agentLaneOf(group, line ?? runId),
    userId: userId ?? null,
    userKey: userId === undefined ? null : userKeyOf(userId),
    ...{ inputType: input.type, payload, inputCount: 1 },
    idempotency: idempotencyKey === undefined ? null : { key: idempotencyKey, digest },
    options: {
      ...{ subjectId, conversationId, parentRunId: parent?.runId ?? null },
      ...(metadata !== undefined && { metadata }),
      ...(tags !== undefined && { tags }),
      ...(timeoutMs !== undefined && { timeoutMs }),
    },
    ...(webhook !== null && { webhook: newWebhook(access, { ...webhook.given, runId }) }),
  })
  return {
    ...{ runId: accepted.runId, replayed: accepted.isReplayed },
    webhook: webhook === null ? null : await access.storage.webhooks.ofRun(accepted.runId),
  }
}

const isKnown = async ({ storage }: Starter, key: string | undefined): Promise<boolean> =>
  key !== undefined && (await storage.findRunByKey(key)) !== null

/** No user stands in this line: their keys are in lower case. */
const agentLaneOf = ({ groupId }: Group, line: string): string => `${groupId}:AGENT:${line}`

const requestDigestOf = ({
  idempotencyKey: _key,
  ...request
}: Common & Pick<AgentRunRequest, 'webhook'>): string =>
  digestOf({ ...request, webhook: request.webhook?.given })

const refuseIdle = ({ input: { type }, subject: { status }, subjectId }: Work): void => {
  if (status !== 'active')
    throw problem('inactive', `The ${type} ${subjectId} is ${status}: it does not run.`)
}

const boundErrors = ({ maxCredits }: Partial<AgentRunBounds>): readonly ProblemError[] =>
  maxCredits === undefined || maxCredits === null || isLess('0', maxCredits)
    ? []
    : [{ message: 'must be more than 0', location: 'body.max_credits' }]

const refuseWrong = (errors: readonly ProblemError[]): void => {
  const [first] = errors
  if (first !== undefined)
    throw problem('invalid_body', `validation failed: ${first.location} ${first.message}`, { errors })
}
