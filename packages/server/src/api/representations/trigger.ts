import { type Static, Type } from 'typebox'
import type { Trigger } from '../../agents/trigger.ts'
import { toIso, toIsoOrNull } from '../../kernel/clock.ts'
import { SECRET_LENGTH_MAX } from '../../kernel/limits.ts'
import { Name, NullableString, RequestBody, Uuid } from './schema.ts'

export const TriggerPath = Type.Object({ trigger_id: Uuid })

const targetTypes = ['agent', 'tool'] as const
const Target = Type.Object(
  {
    type: Type.Unsafe<Trigger['target']['type']>({ type: 'string', enum: [...targetTypes] }),
    id: Uuid,
  },
  { additionalProperties: false, description: 'What it runs.' },
)

export const NewTrigger = RequestBody({
  name: Name('What it is for.'),
  target: Target,
  secret: Type.Optional(
    Type.String({
      minLength: 16,
      maxLength: SECRET_LENGTH_MAX,
      description: 'Requests must be signed with it. It is not shown again.',
    }),
  ),
})

const members = {
  trigger_id: Uuid,
  name: Type.String(),
  prefix: Type.String({ description: 'The beginning of its token.' }),
  target: Target,
  signed: Type.Boolean({ description: 'Whether requests must be signed.' }),
  created_at: Type.String(),
  last_used_at: NullableString('When it last started a run.'),
}
export const TriggerRepresentation = Type.Object(members)
/** As shown when it is new. */
export const TriggerWithToken = Type.Object({
  ...members,
  token: Type.String({ description: 'Its address is `/webhooks/{token}`. It is shown this once.' }),
})

export const toTriggerRepresentation = (trigger: Trigger): Static<typeof TriggerRepresentation> => ({
  trigger_id: trigger.triggerId,
  name: trigger.name,
  prefix: trigger.prefix,
  target: { ...trigger.target },
  signed: trigger.secret !== null,
  created_at: toIso(trigger.createdAt),
  last_used_at: toIsoOrNull(trigger.lastUsedAt),
})

export const SecretPath = Type.Object({
  secret_name: Type.String({
    pattern: '^[A-Z][A-Z0-9_]*$',
    maxLength: 64,
    description: 'Capital letters, digits and `_`.',
  }),
})
export const SecretRepresentation = Type.Object({ name: Type.String(), updated_at: Type.String() })
export const toSecretRepresentation = (secret: { readonly name: string; readonly updatedAt: number }) => ({
  name: secret.name,
  updated_at: toIso(secret.updatedAt),
})
