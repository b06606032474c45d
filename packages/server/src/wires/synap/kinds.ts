/** The five kinds of items that clients know, and the topics that keep them. */
import type { Group, TopicKind } from '../../projects/group.ts'

export const itemKinds = ['facts', 'preferences', 'episodes', 'emotions', 'temporal_events'] as const
export type ItemKind = (typeof itemKinds)[number]

const kindOfTopic: Readonly<Record<TopicKind, ItemKind>> = {
  identity: 'facts',
  fact: 'facts',
  preference: 'preferences',
  episode: 'episodes',
  emotion: 'emotions',
  temporal: 'temporal_events',
}

/** The kind of what a topic of the group keeps: facts where it names none. */
export const itemKindOf = (group: Pick<Group, 'topics'>, topic: string): ItemKind => {
  const kind = group.topics.find(({ name }) => name === topic)?.kind
  return kind === undefined ? 'facts' : kindOfTopic[kind]
}

/** As clients of several generations write them. */
const spellings: Readonly<Record<string, ItemKind>> = {
  ...{ fact: 'facts', facts: 'facts' },
  ...{ preference: 'preferences', preferences: 'preferences' },
  ...{ episode: 'episodes', episodes: 'episodes' },
  ...{ emotion: 'emotions', emotions: 'emotions' },
  ...{ temporal: 'temporal_events', temporals: 'temporal_events', temporal_event: 'temporal_events' },
  temporal_events: 'temporal_events',
}

export const kindSpellings: readonly string[] = ['all', ...Object.keys(spellings)]

/** All of them where none is named, or `all` is. */
export const readKinds = (types: readonly string[] | undefined): ReadonlySet<ItemKind> => {
  const named = types ?? []
  if (named.length === 0 || named.includes('all')) return new Set(itemKinds)
  return new Set(named.flatMap((type) => spellings[type] ?? []))
}
