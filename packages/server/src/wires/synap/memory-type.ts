/** What one memory is called, by the kind of its topic. */
import type { Group, TopicKind } from '../../projects/group.ts'

const typeOfKind: Readonly<Record<TopicKind, string>> = {
  identity: 'fact',
  fact: 'fact',
  preference: 'preference',
  episode: 'episode',
  emotion: 'emotion',
  temporal: 'temporal_event',
}

/** A topic without a kind, or one that is gone, holds facts. */
export const memoryTypeOf = (group: Pick<Group, 'topics'> | null, topic: string): string =>
  typeOfKind[group?.topics.find(({ name }) => name === topic)?.kind ?? 'fact']
