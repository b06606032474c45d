/** Members that bodies of several routes about conversations have. */
import { Type } from 'typebox'
import type { ConversationAddress } from '../../conversations/record-messages.ts'
import { METADATA_LENGTH_MAX, NAME_LENGTH_MAX, TEXT_LENGTH_MAX } from '../../kernel/limits.ts'
import { problem } from '../../kernel/problem.ts'
import { NoScope, OptionalId } from './schema.ts'
import type { Relationship, ScopeIds } from './scope.ts'
import { writeScope } from './scope.ts'

export const ConversationId = Type.String({ maxLength: NAME_LENGTH_MAX, pattern: '^(?!\\s*$)[^\\p{Cc}]+$' })

export const scopeMembers = { user_id: OptionalId, customer_id: OptionalId, scope: NoScope }

export const Content = Type.String({ minLength: 1, maxLength: TEXT_LENGTH_MAX, pattern: '\\S' })

/** Throws Problem `invalid_body` when it takes more room than it may. */
export const readDetail = (
  value: Readonly<Record<string, unknown>> | undefined,
  { location, lengthMax = METADATA_LENGTH_MAX }: { readonly location: string; readonly lengthMax?: number },
): Readonly<Record<string, unknown>> | null => {
  if (value === undefined) return null
  if (JSON.stringify(value).length > lengthMax)
    throw problem('invalid_body', `${location} has at most ${lengthMax} characters as JSON.`, {
      errors: [{ message: 'is too long', location }],
    })
  return value
}

/** Whose conversation it is. In b2c a user is the customer too. */
export const conversationOf = (
  conversation: string,
  ids: ScopeIds,
  relationship: Relationship,
): ConversationAddress => {
  const { userId, level, properties } = writeScope(ids, relationship)
  const isOfCustomer = relationship === 'b2b' && level !== 'client'
  return { conversation, userId, customer: isOfCustomer ? (properties.customer_id ?? null) : null }
}
