import type { Pipeline } from './pipeline.ts'

/** Whose memory a topic keeps: per user or project-wide, and per value of each scope property. */
export type Scoping = { readonly userScoped: boolean; readonly scopeProperties: readonly string[] }

/**
 * What a topic keeps, where that can be told by a statement alone: `identity` who somebody is and how the assistant shall behave, `preference`
 * likes, dislikes, wishes and habits of choice, `episode` what happened, `emotion` what somebody feels or felt, `temporal` what is bound to
 * a date or an hour, and `fact` all that no other topic of the group takes.
 */
export const topicKinds = ['identity', 'preference', 'episode', 'emotion', 'temporal', 'fact'] as const
export type TopicKind = (typeof topicKinds)[number]

/** A category of memory. A bounded topic holds at most one memory in a scope, rewritten in place. */
export type Topic = {
  readonly name: string
  readonly description: string
  readonly isBounded: boolean
  readonly scoping: Scoping
  /** Absent: statements find the topic by the words of its name and description. */
  readonly kind?: TopicKind | undefined
}

/**
 * A named bundle of topics with one pipeline. Topic names are unique inside their group, and case-sensitive. Each change makes a new
 * version, counted from 1; a run keeps the version it was accepted with.
 */
export type Group = {
  readonly groupId: string
  readonly name: string
  readonly version: number
  readonly topics: readonly Topic[]
  readonly pipeline: Pipeline
  readonly createdAt: number
}

export const defaultGroupName = 'default'

/** What an add to the group must supply: the union over its topics. */
export const groupScoping = (group: Pick<Group, 'topics'>): Scoping => ({
  userScoped: group.topics.some((topic) => topic.scoping.userScoped),
  scopeProperties: [...new Set(group.topics.flatMap((topic) => topic.scoping.scopeProperties))].sort(),
})
