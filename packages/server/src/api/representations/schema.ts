/** Pieces of schema that several routes share. */
import { type TSchema, Type } from 'typebox'
import { NAME_LENGTH_MAX, PROPERTY_COUNT_MAX, PROPERTY_LENGTH_MAX } from '../../kernel/limits.ts'
import { problemCatalogue } from '../../kernel/problem.ts'

/** A name as people write it: not blank, no control characters. */
export const Name = (description: string) =>
  Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX, pattern: '^(?!\\s*$)[^\\p{Cc}]+$', description })

export const UserId = Name(
  'Whose memory it is: any printable text. Ids that differ only in case name the same user.',
)

export const GroupName = Name('The group; `default` when absent.')

/** How many properties may be named at once, and how they may be named. */
export const propertyBounds = {
  maxProperties: PROPERTY_COUNT_MAX,
  propertyNames: { minLength: 1, maxLength: NAME_LENGTH_MAX },
}

export const Properties = Type.Record(Type.String(), Type.String({ maxLength: PROPERTY_LENGTH_MAX }), {
  ...propertyBounds,
  description: 'Values of scope properties by key.',
})

export const Uuid = Type.String({ format: 'uuid' })
export const Instant = Type.String({ format: 'date-time', description: 'RFC 3339' })

/** An instant of the past to look at. */
export const AsOf = Type.String({
  format: 'date-time',
  description: 'RFC 3339. What was there then, as it was then; what is there now when absent.',
})

/** The member of an operation that it stands for. */
export const readAsOf = (asOf: string | undefined): { readonly asOf?: number } =>
  asOf === undefined ? {} : { asOf: Date.parse(asOf) }

/** A string, or null. */
export const NullableString = (description: string) =>
  Type.Unsafe<string | null>({ type: ['string', 'null'], description })

/** A closed object that tolerates the `$schema` member some clients send. */
export const RequestBody = <Members extends Parameters<typeof Type.Object>[0]>(members: Members) =>
  Type.Object(
    { ...members, $schema: Type.Optional(Type.String({ description: 'Tolerated, ignored.' })) },
    { additionalProperties: false },
  )

const ProblemDocument = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'What was wrong, for people.' }),
    code: Type.Unsafe<string>({
      type: 'string',
      enum: Object.keys(problemCatalogue),
      description: 'Stable, for programs.',
    }),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          message: Type.String(),
          location: Type.String(),
          value: Type.Optional(Type.Unknown()),
        }),
      ),
    ),
  },
  { description: 'A problem document (RFC 9457).' },
)

/** The problem answers of a route, for the OpenAPI document. */
export const problems = <Status extends number>(...statuses: readonly Status[]) =>
  // safety: one entry per status
  Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: 'A problem document.',
        content: { 'application/problem+json': { schema: ProblemDocument } },
      },
    ]),
  ) as unknown as Record<Status, typeof ProblemDocument>

/** A number that a list of events goes on after. */
export const Place = (description: string) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description })

export const LastEventId = Place('The last `id` that was read: what browsers send when they come back.')

/** An answer that is JSON, or a stream of events when the caller would rather have that. */
export const eventStreamContent = <Schema extends TSchema>(schema: Schema): Schema =>
  // safety: of the two, JSON is the one that handlers return
  ({
    description:
      'A page of events; or a stream of them, each with `id`, `event` and `data` (one line of JSON).',
    content: {
      'application/json': { schema },
      'text/event-stream': { schema: { type: 'string' } },
    },
  }) as unknown as Schema
