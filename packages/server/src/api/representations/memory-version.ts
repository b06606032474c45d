import { type Static, Type } from 'typebox'
import { toIso } from '../../kernel/clock.ts'
import type { VersionView } from '../../memories/memory-version.ts'
import { MemorySources, toSources } from './memory.ts'
import { NullableString, Uuid } from './schema.ts'

const kinds = ['create', 'update', 'delete'] as const

export const VersionRepresentation = Type.Object({
  version: Type.Integer(),
  kind: Type.Unsafe<(typeof kinds)[number]>({ type: 'string', enum: [...kinds] }),
  content: NullableString('Null when the memory was deleted.'),
  run_id: Type.String({ format: 'uuid', description: 'The run that made it.' }),
  input_type: NullableString('What kind of run that was; null when it is not kept any more.'),
  created_at: Type.String(),
  sources: MemorySources,
  restores: Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    description: 'The version whose state this one has again.',
  }),
  undone_by: Type.Unsafe<string | null>({
    ...Uuid,
    type: ['string', 'null'],
    description: 'The run that took it back.',
  }),
})

export const toVersionRepresentation = ({
  version,
  inputType,
  undoneBy,
}: VersionView): Static<typeof VersionRepresentation> => ({
  version: version.version,
  kind: version.kind,
  content: version.kind === 'delete' ? null : version.content,
  run_id: version.runId,
  input_type: inputType,
  created_at: toIso(version.createdAt),
  sources: toSources(version.lastSources),
  restores: version.restores === 0 ? null : version.restores,
  undone_by: undoneBy,
})
