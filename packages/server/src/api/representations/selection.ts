import { type Static, Type } from 'typebox'
import { NAME_LENGTH_MAX, PROPERTY_LENGTH_MAX, TOPIC_COUNT_MAX } from '../../kernel/limits.ts'
import type { Selection } from '../../memories/filter.ts'
import { GroupName, Properties, propertyBounds, UserId } from './schema.ts'

const TopicName = Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX })

const TopicEntry = Type.Union([
  TopicName,
  Type.Object({
    name: TopicName,
    properties: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: PROPERTY_LENGTH_MAX }),
        {
          ...propertyBounds,
          description: 'Added to the global properties for this topic; null clears one of them.',
        },
      ),
    ),
  }),
])

/** Whose memories a search or a list is about. */
export const selectionMembers = {
  user_id: Type.Optional(UserId),
  group: Type.Optional(GroupName),
  topics: Type.Optional(
    Type.Array(TopicEntry, {
      maxItems: TOPIC_COUNT_MAX,
      description: 'All topics of the group when absent.',
    }),
  ),
  properties: Type.Optional(Properties),
  conversation_id: Type.Optional(
    Type.String({
      maxLength: PROPERTY_LENGTH_MAX,
      description: 'The property of that name, for older clients.',
    }),
  ),
}

const Members = Type.Object(selectionMembers)

export const readSelection = (body: Static<typeof Members>): Selection => ({
  ...(body.user_id !== undefined && { userId: body.user_id }),
  topics:
    body.topics?.map((entry) =>
      typeof entry === 'string' ? entry : { name: entry.name, properties: entry.properties ?? {} },
    ) ?? null,
  properties: body.properties ?? {},
  ...(body.conversation_id !== undefined && { conversationId: body.conversation_id }),
})
