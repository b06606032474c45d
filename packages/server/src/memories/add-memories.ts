import { createHash } from 'node:crypto'
import { canonicalJson } from '../kernel/json.ts'
import { problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import { findGroup, findTopic, missingUser } from '../projects/find-group.ts'
import type { Group, Topic } from '../projects/group.ts'
import { laneIdOf, type Properties, userKeyOf } from '../projects/scope.ts'
import { inputCount, type RunInput } from '../runs/input.ts'
import { givenProperties, refuseUnknownProperties } from './filter.ts'

export type AddRequest = {
  readonly input: RunInput
  readonly userId?: string
  readonly group?: string
  readonly properties: Properties
  /** What older clients send instead of the property `conversation_id`. */
  readonly conversationId?: string
  readonly idempotencyKey?: string
}

/** Seconds after which a full queue is worth another try: it shortens by many runs a second. */
const QUEUE_RETRY_AFTER_SECONDS = 1

/**
 * Accepts an add as a run, durably, and answers before anything is extracted. `replayed` tells that the idempotency key was seen
 * before with the same request. Throws Problem `unknown_group`, `unknown_topic`, `missing_user`, `missing_property`,
 * `unknown_property`, `empty_content`, `idempotency_key_reused`, `queue_full`.
 */
export const addMemories = async (
  access: Access,
  request: AddRequest,
): Promise<{ runId: string; replayed: boolean }> => {
  const { storage, ids, clock, limits } = access
  const group = await findGroup(storage, request.group)
  refuseEmpty(request.input)
  const properties = givenProperties(group, request)
  refuseUnknownProperties(group, properties)
  refuseIncompleteScope(targetTopics(group, request.input), { ...request, properties })
  const userKey = request.userId === undefined ? null : userKeyOf(request.userId)
  const result = await storage.acceptRun({
    runId: ids.next(),
    groupId: group.groupId,
    laneId: laneIdOf(group.groupId, userKey),
    userId: request.userId ?? null,
    userKey,
    inputType: request.input.type,
    payload: { input: request.input, properties },
    inputCount: inputCount(request.input),
    idempotency:
      request.idempotencyKey === undefined
        ? null
        : { key: request.idempotencyKey, digest: digestOf(request) },
    queueDepthMax: limits.queueDepthMax,
    now: clock.now(),
  })
  switch (result.kind) {
    case 'accepted':
      access.wakeWorker()
      return { runId: result.runId, replayed: false }
    case 'replayed':
      return { runId: result.runId, replayed: true }
    case 'idempotency_mismatch':
      throw problem('idempotency_key_reused', 'This Idempotency-Key was used before with another request.')
    case 'queue_full':
      throw problem(
        'queue_full',
        `${result.depth} runs of this project have not ended yet; the limit is ${limits.queueDepthMax}.`,
        {
          retryAfterSeconds: QUEUE_RETRY_AFTER_SECONDS,
        },
      )
  }
}

// Extraction may route a text to any topic of the group; an extracted item names its own.
const targetTopics = (group: Group, input: RunInput): readonly Topic[] =>
  input.type === 'pre_extracted' ? input.items.map((item) => findTopic(group, item.topic)) : group.topics

const refuseIncompleteScope = (topics: readonly Topic[], { userId, properties }: AddRequest): void => {
  for (const topic of topics) {
    if (topic.scoping.userScoped && userId === undefined) {
      throw missingUser(topic.name)
    }
    const missing = topic.scoping.scopeProperties.find((key) => !Object.hasOwn(properties, key))
    if (missing !== undefined) {
      throw problem('missing_property', `property "${missing}" is required by topic ${topic.name}`, {
        errors: [{ message: 'missing property', location: `body.properties.${missing}` }],
      })
    }
  }
}

const textsOf = (input: RunInput): { location: string; text: string }[] => {
  switch (input.type) {
    case 'string':
      return input.content.map((text, index) => ({ location: `body.input.string.content[${index}]`, text }))
    case 'pre_extracted':
      return input.items.map(({ content: text }, index) => ({
        location: `body.input.pre_extracted.items[${index}].content`,
        text,
      }))
    case 'conversation':
      return []
  }
}

// A message may be empty (it may only carry tool calls); a text or an item may not.
const refuseEmpty = (input: RunInput): void => {
  const texts = textsOf(input)
  if (input.type !== 'conversation' && texts.length === 0)
    throw problem('empty_content', 'There is no content.')
  const empty = texts.find(({ text }) => text.trim() === '')
  if (empty === undefined) return
  throw problem('empty_content', `The content at ${empty.location} is empty.`, {
    errors: [{ message: 'empty', location: empty.location }],
  })
}

const digestOf = ({ idempotencyKey: _key, ...request }: AddRequest): string =>
  createHash('sha256').update(canonicalJson(request)).digest('hex')
