import { type Static, Type } from 'typebox'
import { toIso } from '../../kernel/clock.ts'
import { type ApiKey, type KeyScope, keyScopes } from '../../projects/project.ts'
import { NullableString, Uuid } from './schema.ts'

export const KeyScopes = Type.Array(Type.Unsafe<KeyScope>({ type: 'string', enum: [...keyScopes] }), {
  minItems: 1,
  maxItems: keyScopes.length,
  uniqueItems: true,
  description: '`read` reads and searches, `write` adds and deletes, `admin` manages keys and groups.',
})

export const keyMembers = {
  key_id: Uuid,
  name: Type.String(),
  prefix: Type.String({ description: 'The beginning of the key, to recognise it by.' }),
  scopes: KeyScopes,
  created_at: Type.String(),
  last_used_at: NullableString('To the minute.'),
  revoked_at: NullableString('A revoked key opens nothing.'),
}

const Members = Type.Object(keyMembers)

export const toKeyRepresentation = (key: ApiKey): Static<typeof Members> => ({
  key_id: key.keyId,
  name: key.name,
  prefix: key.prefix,
  scopes: [...key.scopes],
  created_at: toIso(key.createdAt),
  last_used_at: key.lastUsedAt === null ? null : toIso(key.lastUsedAt),
  revoked_at: key.revokedAt === null ? null : toIso(key.revokedAt),
})
