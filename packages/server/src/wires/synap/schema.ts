/** Pieces of schema that several routes of the wire share. What a schema does not know is ignored here, as clients expect. */
import { Type } from 'typebox'
import { METADATA_LENGTH_MAX, NAME_LENGTH_MAX } from '../../kernel/limits.ts'
import { problem } from '../../kernel/problem.ts'

/** Any text: what is no id of ours is not found. */
export const IdPath = Type.Object({ id: Type.String({ maxLength: NAME_LENGTH_MAX }) })

/** An id of the caller's; empty and null count as absent. */
export const OptionalId = Type.Optional(
  Type.Unsafe<string | null>({
    type: ['string', 'null'],
    maxLength: NAME_LENGTH_MAX,
    pattern: '^$|^(?!\\s*$)[^\\p{Cc}]+$',
  }),
)

/**
 * By which later versions of the library name levels between a customer and a user. There are none here; who asks to be narrowed to one is
 * refused, since without it the call would be wider than was meant.
 */
export const NoScope = Type.Optional(Type.Object({}, { maxProperties: 0 }))

export const OneOf = <Word extends string>(words: readonly Word[]) =>
  Type.Unsafe<Word>({ type: 'string', enum: [...words] })

export const Metadata = Type.Record(Type.String(), Type.Unknown())

/** Throws Problem `invalid_body`. */
export const refuseLongMetadata = (metadata: object): void => {
  if (JSON.stringify(metadata).length <= METADATA_LENGTH_MAX) return
  throw problem('invalid_body', `The metadata have more than ${METADATA_LENGTH_MAX} characters as JSON.`, {
    errors: [{ message: 'is too long', location: 'body.metadata' }],
  })
}

/**
 * An instant as clients write it: RFC 3339, or a date, or a date and a time without a zone, which is UTC then. Throws Problem
 * `invalid_body`.
 */
export const readInstant = (text: string, location: string): number => {
  const [, date = '', time = 'T00:00:00', zone = 'Z'] = instantPattern.exec(text.trim()) ?? []
  const at = Date.parse(`${date}${time.replace(' ', 'T')}${zone}`)
  // A day that its month does not have would be taken for one of the next.
  const day = Date.parse(`${date}T00:00:00Z`)
  if (!Number.isNaN(at) && !Number.isNaN(day) && new Date(day).toISOString().startsWith(date)) return at
  throw problem('invalid_body', `${location} is no date and time`, {
    errors: [{ message: 'is no date and time', location }],
  })
}

const instantPattern = /^(\d{4}-\d\d-\d\d)(?:([T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|z|[+-]\d\d:\d\d)?)?$/

/** What is null counts as absent, in an object that no schema of a route describes. */
export const stripEmpty = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null))
    : value
