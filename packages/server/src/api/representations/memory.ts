import { type Static, Type } from 'typebox'
import { toIso, toIsoOrNull } from '../../kernel/clock.ts'
import type { Memory, Source } from '../../memories/memory.ts'
import { roles } from '../../runs/input.ts'
import { NullableString, Properties, Uuid } from './schema.ts'

const SourceRepresentation = Type.Object({
  run_id: Uuid,
  input: Type.Integer({ description: 'Number of the input within the run, from 0.' }),
  message: Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    description: 'Position of the message, from 0.',
  }),
  message_id: NullableString('The id the caller gave the message.'),
  role: Type.Unsafe<string | null>({ enum: [...roles, null] }),
  name: NullableString('Who spoke.'),
  said_at: NullableString('When it was said.'),
})

export const MemorySources = Type.Array(SourceRepresentation, {
  description: 'The passages it comes from, oldest first.',
})

export const MemoryRepresentation = Type.Object({
  id: Uuid,
  project_id: Uuid,
  user_id: Type.Optional(
    Type.String({ description: 'As first written; absent for topics that are not user-scoped.' }),
  ),
  group: Type.String(),
  topic: Type.String(),
  properties: Type.Optional(Properties),
  conversation_id: Type.Optional(
    Type.String({ description: 'The property of that name, for older clients.' }),
  ),
  content: Type.String(),
  version: Type.Integer(),
  created_at: Type.String(),
  updated_at: Type.String(),
  sources: MemorySources,
  score: Type.Optional(
    Type.Number({ minimum: 0, maximum: 1, description: 'On search results, greater is better.' }),
  ),
})

export const toMemoryRepresentation = (
  memory: Memory,
  { projectId, score = null }: { projectId: string; score?: number | null },
): Static<typeof MemoryRepresentation> => {
  const { properties } = memory.scope
  return {
    id: memory.memoryId,
    project_id: projectId,
    ...(memory.userId !== null && { user_id: memory.userId }),
    group: memory.groupName,
    topic: memory.scope.topic,
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(properties.conversation_id !== undefined && { conversation_id: properties.conversation_id }),
    content: memory.content,
    version: memory.version,
    created_at: toIso(memory.createdAt),
    updated_at: toIso(memory.updatedAt),
    sources: toSources(memory.sources),
    ...(score !== null && { score }),
  }
}

export const toSources = (sources: readonly Source[]): Static<typeof MemorySources> =>
  sources.map((source) => ({
    run_id: source.runId,
    input: source.input,
    message: source.message,
    message_id: source.messageId,
    role: source.role,
    name: source.name,
    said_at: toIsoOrNull(source.saidAt),
  }))
