import { type Static, Type } from 'typebox'
import { NAME_LENGTH_MAX, PROPERTY_COUNT_MAX } from '../../kernel/limits.ts'
import {
  type Group,
  groupScoping,
  type Scoping,
  type Topic,
  type TopicKind,
  topicKinds,
} from '../../projects/group.ts'
import { PipelineRepresentation, toPipelineRepresentation } from './pipeline.ts'
import { Name, Uuid } from './schema.ts'

const ScopingRepresentation = Type.Object(
  {
    user_scoped: Type.Boolean({ description: 'Each user has memories of their own, and only there.' }),
    scope_properties: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX }), {
        maxItems: PROPERTY_COUNT_MAX,
        uniqueItems: true,
        description: 'Keys whose values further divide the memories.',
      }),
    ),
  },
  { additionalProperties: false },
)

/** What a topic is, besides its name. */
export const topicMembers = {
  description: Type.String({
    maxLength: 4_000,
    description: 'What belongs to the topic; extraction goes by it.',
  }),
  is_bounded: Type.Boolean({ description: 'At most one memory in a scope, rewritten in place.' }),
  scoping: ScopingRepresentation,
  kind: Type.Optional(
    Type.Unsafe<TopicKind>({
      type: 'string',
      enum: [...topicKinds],
      description: 'What kind of statements it keeps, where that can be told by a statement alone.',
    }),
  ),
}

export const TopicRepresentation = Type.Object(
  { topic_name: Name('Unique in its group, case-sensitive.'), ...topicMembers },
  { additionalProperties: false },
)

export const GroupRepresentation = Type.Object({
  group_id: Uuid,
  name: Type.String(),
  scoping: ScopingRepresentation,
  topics: Type.Array(TopicRepresentation),
  pipeline: PipelineRepresentation,
  version: Type.Integer({
    description: 'Counted by its changes. A run keeps the version it was accepted with.',
  }),
})

const toScoping = ({ userScoped, scopeProperties }: Scoping) => ({
  user_scoped: userScoped,
  scope_properties: [...scopeProperties],
})

export const toGroupRepresentation = (group: Group): Static<typeof GroupRepresentation> => ({
  group_id: group.groupId,
  name: group.name,
  scoping: toScoping(groupScoping(group)),
  topics: group.topics.map((topic) => ({
    topic_name: topic.name,
    description: topic.description,
    is_bounded: topic.isBounded,
    scoping: toScoping(topic.scoping),
    ...(topic.kind !== undefined && { kind: topic.kind }),
  })),
  pipeline: toPipelineRepresentation(group.pipeline),
  version: group.version,
})

export const fromTopicRepresentation = (topic: Static<typeof TopicRepresentation>): Topic => ({
  name: topic.topic_name,
  description: topic.description,
  isBounded: topic.is_bounded,
  scoping: { userScoped: topic.scoping.user_scoped, scopeProperties: topic.scoping.scope_properties ?? [] },
  ...(topic.kind !== undefined && { kind: topic.kind }),
})
