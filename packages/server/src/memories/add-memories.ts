import { problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import { findGroup, findTopic, missingUser } from '../projects/find-group.ts'
import type { Group, Topic } from '../projects/group.ts'
import { laneIdOf, type Properties, userKeyOf } from '../projects/scope.ts'
import { acceptRun } from '../runs/accept-run.ts'
import { inputCount, type RunInput } from '../runs/input.ts'
import type { ConflictRule, RunOptions } from '../runs/run.ts'
import { digestOf } from '../runs/run-key.ts'
import type { NewRun, Recording, RunKey } from '../storage/storage.ts'
import { givenProperties, refuseUnknownProperties } from './filter.ts'

export type AddRequest = {
  readonly input: RunInput
  readonly userId?: string
  readonly group?: string
  readonly properties: Properties
  /** What older clients send instead of the property `conversation_id`. */
  readonly conversationId?: string
  readonly idempotencyKey?: string
  /** Makes the run the only one of its kind, instead of a key of the caller's. */
  readonly runKey?: RunKey
  /** What was said, recorded together with the run. */
  readonly recording?: Recording
  readonly steering?: Steering
}

/** How the run is to be worked off. A time to live counts from now, as a delay does. */
export type Steering = Partial<
  Pick<RunOptions, 'priority' | 'timeoutMs' | 'dryRun' | 'tags' | 'metadata'>
> & { readonly onConflict?: ConflictRule; readonly delayMs?: number; readonly ttlMs?: number }

/**
 * Accepts an add as a run, durably, and answers before anything is extracted. `replayed` tells that the idempotency key was seen
 * before with the same request. Throws Problem `unknown_group`, `unknown_topic`, `missing_user`, `missing_property`,
 * `unknown_property`, `empty_content`, and what acceptRun throws.
 */
export const addMemories = async (
  access: Access,
  request: AddRequest,
): Promise<{ runId: string; replayed: boolean }> => {
  const { runId, isReplayed } = await addTo(access, await findGroup(access.storage, request.group), request)
  return { runId, replayed: isReplayed }
}

/** The same for a group in hand: several calls in a row are accepted in this order. */
export const addTo = async (
  access: Access,
  group: Group,
  request: AddRequest,
): Promise<{ readonly runId: string; readonly isReplayed: boolean }> => {
  const { ids, clock } = access
  refuseEmpty(request.input)
  const properties = givenProperties(group, request)
  refuseUnknownProperties(group, properties)
  refuseIncompleteScope(targetTopics(group, request.input), { ...request, properties })
  const userKey = request.userId === undefined ? null : userKeyOf(request.userId)
  return acceptRun(access, {
    runId: ids.next(),
    groupId: group.groupId,
    groupVersion: group.version,
    laneId: laneIdOf(group.groupId, userKey),
    userId: request.userId ?? null,
    userKey,
    inputType: request.input.type,
    payload: { input: request.input, properties },
    inputCount: inputCount(request.input),
    idempotency: request.runKey ?? idempotencyOf(request),
    ...(request.recording !== undefined && { recording: request.recording }),
    ...readSteering(request.steering ?? {}, clock.now()),
  })
}

const readSteering = (
  { onConflict = 'enqueue', delayMs, ttlMs, ...options }: Steering,
  now: number,
): Pick<NewRun, 'onConflict' | 'options'> => ({
  onConflict,
  options: {
    ...options,
    ...(delayMs !== undefined && delayMs > 0 && { delayedUntil: now + delayMs }),
    ...(ttlMs !== undefined && { expiresAt: now + ttlMs }),
  },
})

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
    case 'document':
      return 'text' in input.content
        ? [{ location: 'body.input.document.text', text: input.content.text }]
        : []
    case 'conversation':
      return []
  }
}

// A message may be empty (it may only carry tool calls); a text or an item may not.
const refuseEmpty = (input: RunInput): void => {
  const texts = textsOf(input)
  if ((input.type === 'string' || input.type === 'pre_extracted') && texts.length === 0)
    throw problem('empty_content', 'There is no content.')
  const empty = texts.find(({ text }) => text.trim() === '')
  if (empty === undefined) return
  throw problem('empty_content', `The content at ${empty.location} is empty.`, {
    errors: [{ message: 'empty', location: empty.location }],
  })
}

const idempotencyOf = (request: AddRequest): RunKey | null =>
  request.idempotencyKey === undefined
    ? null
    : { key: request.idempotencyKey, digest: requestDigestOf(request) }

const requestDigestOf = ({ idempotencyKey: _key, ...request }: AddRequest): string => digestOf(request)
