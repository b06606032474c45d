/** From what a search or a list names to whose memories it may see. */
import { problem } from '../kernel/problem.ts'
import { findTopic, missingUser } from '../projects/find-group.ts'
import { type Group, groupScoping, type Topic } from '../projects/group.ts'
import { type Properties, userKeyOf } from '../projects/scope.ts'
import type { MemoryFilter, TopicFilter } from '../storage/storage.ts'

/** A topic, with properties that add to the global ones or, where null, clear them for this topic. */
export type TopicSelection =
  | string
  | { readonly name: string; readonly properties?: Readonly<Record<string, string | null>> }

export type Selection = {
  readonly userId?: string
  /** Null: all topics of the group. */
  readonly topics: readonly TopicSelection[] | null
  readonly properties: Properties
  /** What older clients send instead of the property `conversation_id`. It counts only where a topic is scoped by it. */
  readonly conversationId?: string
}

/** The properties with the older way to name the conversation folded in. */
export const givenProperties = (
  group: Group,
  given: Pick<Selection, 'properties' | 'conversationId'>,
): Properties =>
  given.conversationId !== undefined && groupScoping(group).scopeProperties.includes('conversation_id')
    ? { conversation_id: given.conversationId, ...given.properties }
    : given.properties

/**
 * Properties narrow only topics scoped by them. Throws Problem `unknown_topic`, `unknown_property`, and `missing_user` when a
 * selected topic is user-scoped and no user is named.
 */
export const memoryFilter = (group: Group, selection: Selection): MemoryFilter => {
  const properties = givenProperties(group, selection)
  refuseUnknownProperties(group, properties)
  const selected = (selection.topics ?? group.topics.map((topic) => topic.name)).map((entry) =>
    typeof entry === 'string'
      ? { topic: findTopic(group, entry), own: {} }
      : { topic: findTopic(group, entry.name), own: entry.properties ?? {} },
  )
  const userScoped = selected.find(({ topic }) => topic.scoping.userScoped)?.topic
  if (userScoped !== undefined && selection.userId === undefined) {
    throw missingUser(userScoped.name)
  }
  const isShared = selected.some(({ topic }) => !topic.scoping.userScoped)
  const users = [
    ...(userScoped !== undefined && selection.userId !== undefined ? [userKeyOf(selection.userId)] : []),
    ...(isShared ? [null] : []),
  ]
  return {
    partitions: users.map((userKey) => ({ groupId: group.groupId, userKey })),
    topics: selected.map(({ topic, own }) => topicFilter(topic, properties, own)),
  }
}

const topicFilter = (
  topic: Topic,
  global: Properties,
  own: Readonly<Record<string, string | null>>,
): TopicFilter => {
  const foreign = Object.keys(own).find((key) => !topic.scoping.scopeProperties.includes(key))
  if (foreign !== undefined)
    throw problem('unknown_property', `topic ${topic.name} is not scoped by property "${foreign}"`)
  const properties = topic.scoping.scopeProperties.flatMap((key) => {
    const value = [own, global].find((given) => Object.hasOwn(given, key))?.[key] ?? null
    return value === null ? [] : [[key, value] as const]
  })
  return { topic: topic.name, properties: Object.fromEntries(properties) }
}

/** Throws Problem `unknown_property` when no topic of the group is scoped by one of the keys. */
export const refuseUnknownProperties = (group: Group, properties: Properties): void => {
  const known = groupScoping(group).scopeProperties
  const unknown = Object.keys(properties).find((key) => !known.includes(key))
  if (unknown === undefined) return
  throw problem('unknown_property', `no topic of group "${group.name}" is scoped by property "${unknown}"`, {
    errors: [{ message: 'unknown property', location: `body.properties.${unknown}` }],
  })
}
