import { deterministicId } from '../kernel/ids.ts'
import type { Topic } from './group.ts'

/** Values of scope properties by key. */
export type Properties = Readonly<Record<string, string>>

/**
 * Whose memory it is: a topic of a group, the user if the topic is user-scoped (else null), and the values of exactly the
 * topic's scope properties. Two memories share a scope when their `scopeKey`s are equal.
 */
export type Scope = {
  readonly groupId: string
  readonly topic: string
  readonly userKey: string | null
  readonly properties: Properties
}

/** Identity of a user: ids differ only in case name the same user. */
export const userKeyOf = (userId: string): string => userId.normalize('NFC').toLowerCase()

/** The scope a memory of `topic` falls into, given what the caller supplied. Missing properties are left out. */
export const scopeOf = (
  groupId: string,
  topic: Topic,
  caller: { readonly userKey: string | null; readonly properties: Properties },
): Scope => ({
  groupId,
  topic: topic.name,
  userKey: topic.scoping.userScoped ? caller.userKey : null,
  properties: Object.fromEntries(
    topic.scoping.scopeProperties
      .filter((key) => Object.hasOwn(caller.properties, key))
      .sort()
      .map((key) => [key, caller.properties[key] as string]), // safety: filtered on the line above
  ),
})

/** Canonical text of a scope within its project. */
export const scopeKeyOf = (scope: Scope): string =>
  JSON.stringify([scope.groupId, scope.topic, scope.userKey, Object.entries(scope.properties).sort()])

/** The one memory of a bounded topic has an id that follows from its scope, so every writer agrees on it. */
export const boundedMemoryId = (projectId: string, scope: Scope): string =>
  deterministicId(['memory', projectId, scopeKeyOf(scope)])

/** The waiting line a run stands in: runs of one lane commit in the order they were accepted. */
export const laneIdOf = (groupId: string, userKey: string | null): string =>
  userKey === null ? groupId : `${groupId}:${userKey}`
