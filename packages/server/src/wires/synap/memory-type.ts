import type { Group } from '../../projects/group.ts'
import { type ItemKind, itemKindOf } from './kinds.ts'

/** One of a kind. */
const singular: Readonly<Record<ItemKind, string>> = {
  facts: 'fact',
  preferences: 'preference',
  episodes: 'episode',
  emotions: 'emotion',
  temporal_events: 'temporal_event',
}

/** What one memory is called, by the kind of its topic. */
export const memoryTypeOf = (group: Pick<Group, 'topics'>, topic: string): string =>
  singular[itemKindOf(group, topic)]
