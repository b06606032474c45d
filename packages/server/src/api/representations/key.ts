import { type Static, Type } from 'typebox'
import { toIso, toIsoOrNull } from '../../kernel/clock.ts'
import {
  type ApiKey,
  type KeyScope,
  type KeyState,
  keyScopes,
  keyStateOf,
  keyStates,
} from '../../projects/project.ts'
import { NullableString, Uuid } from './schema.ts'

export const KeyScopes = Type.Array(Type.Unsafe<KeyScope>({ type: 'string', enum: [...keyScopes] }), {
  minItems: 1,
  maxItems: keyScopes.length,
  uniqueItems: true,
  description:
    '`read` reads and searches, `write` adds and deletes, `admin` manages the project, `operator` the projects of the server. None includes another.',
})

/** When a key is to expire. */
export const ExpiresAt = (description: string) =>
  Type.Optional(
    Type.String({ format: 'date-time', description: `RFC 3339; must be in the future. ${description}` }),
  )

export const keyMembers = {
  key_id: Uuid,
  name: Type.String(),
  prefix: Type.String({ description: 'The beginning of the key, to recognise it by.' }),
  scopes: KeyScopes,
  state: Type.Unsafe<KeyState>({
    type: 'string',
    enum: [...keyStates],
    description: 'Only an active key opens anything.',
  }),
  created_at: Type.String(),
  expires_at: NullableString('From then on it opens nothing; null: it does not expire.'),
  replaced_by: NullableString('The key that a rotation made in its place.'),
  last_used_at: NullableString('To the minute.'),
  revoked_at: NullableString('A revoked key opens nothing.'),
}

/** A key with its secret, as the answer that made it shows it. */
export const MadeKeyRepresentation = Type.Object({
  ...keyMembers,
  key: Type.String({ description: 'The key itself: it is shown this once.' }),
})

const Members = Type.Object(keyMembers)

export const toKeyRepresentation = (key: ApiKey, now: number): Static<typeof Members> => ({
  key_id: key.keyId,
  name: key.name,
  prefix: key.prefix,
  scopes: [...key.scopes],
  state: keyStateOf(key, now),
  created_at: toIso(key.createdAt),
  expires_at: toIsoOrNull(key.expiresAt),
  replaced_by: key.replacedBy,
  last_used_at: toIsoOrNull(key.lastUsedAt),
  revoked_at: toIsoOrNull(key.revokedAt),
})

export const readInstant = (text: string | undefined): number | null =>
  text === undefined ? null : Date.parse(text)
