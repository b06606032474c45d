import type { IncomingHttpHeaders } from 'node:http'
import { parseBody } from '../kernel/json.ts'
import { type Problem, problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import { hashSecret } from '../projects/keys.ts'
import { ownKey } from '../runs/run-key.ts'
import type { Storage } from '../storage/storage.ts'
import { startAgentRun, startToolRun } from './run-agent.ts'
import type { Trigger } from './trigger.ts'
import type { TriggerGate } from './trigger-gate.ts'
import { signatureMistake } from './trigger-signature.ts'

type Dependencies = Pick<Access, 'clock' | 'ids' | 'limits' | 'wakeWorker' | 'abortRun'> & {
  readonly storage: Storage
}

export type TriggeredRequest = {
  readonly token: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly wire: string
  readonly traceparent: string | null
}

/**
 * Starts the run that a trigger stands for. The body, JSON, is the input: of a tool as it is, of an agent its `userMessage` or
 * `message`, or else all of it as text. A delivery that names itself (`webhook-id`, `x-delivery-id`) starts one run however often it
 * comes. Throws Problem `not_found`, `rate_limited`, `unauthorized`, `malformed_json`, and what starting a run throws.
 */
export const startTriggeredRun = async (
  dependencies: Dependencies,
  gate: TriggerGate,
  request: TriggeredRequest,
): Promise<{ readonly runId: string; readonly type: Trigger['target']['type'] }> => {
  const { storage, clock, ids, limits, wakeWorker, abortRun } = dependencies
  const { headers, body, wire, traceparent } = request
  const found = await storage.findTrigger(hashSecret(request.token))
  if (found === null) throw problem('not_found', 'There is no such webhook.')
  const { trigger, projectId } = found
  gate.pass(trigger.triggerId)
  refuseForged(trigger, { headers, body, now: clock.now() })
  const project = storage.project(projectId)
  const access: Access = {
    ...{ clock, ids, limits, wakeWorker, abortRun, wire, traceparent },
    ...{ keyId: `trigger ${trigger.triggerId}`, scopes: ['write'], storage: project },
  }
  const input: unknown = body.length === 0 ? {} : parseBody(body)
  const deliveryId = headers['webhook-id'] ?? headers['x-delivery-id']
  const { type, id } = trigger.target
  const common = {
    trigger: 'webhook' as const,
    // Nobody is named, so what it is about is remembered for the agent or the tool itself.
    userId: id,
    ...(typeof deliveryId === 'string' && {
      idempotencyKey: ownKey('webhook', [trigger.triggerId, deliveryId]),
    }),
  }
  const { runId } =
    type === 'agent'
      ? await startAgentRun(access, { ...common, agentId: id, userMessage: messageOf(input) })
      : await startToolRun(access, { ...common, toolId: id, input: objectOf(input) })
  await project.agents.touchTrigger({ triggerId: trigger.triggerId, now: clock.now() })
  return { runId, type }
}

const refuseForged = (
  { secret }: Trigger,
  signed: { readonly headers: IncomingHttpHeaders; readonly body: Buffer; readonly now: number },
): void => {
  const mistake = secret === null ? null : signatureMistake(secret, signed)
  if (mistake !== null) throw problem('unauthorized', mistake)
}

const messageOf = (input: unknown): string => {
  if (typeof input === 'string') return input
  const members: { userMessage?: unknown; message?: unknown } =
    input !== null && typeof input === 'object' ? input : {}
  const named = [members.userMessage, members.message].find((text) => typeof text === 'string')
  return typeof named === 'string' ? named : JSON.stringify(input)
}

const objectOf = (input: unknown): Readonly<Record<string, unknown>> => {
  if (input !== null && typeof input === 'object' && !Array.isArray(input)) return { ...input }
  throw notAnObject()
}

const notAnObject = (): Problem =>
  problem('invalid_request', 'The body must be a JSON object: it is the input of the tool.')
