/** From a schema to what does not match it: the raw material of tests with bad input. */
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import type { JsonSchema } from './open-api.ts'

/** A body with one mistake; `mistake` says which, for the test's name. */
export type WrongBody = { readonly mistake: string; readonly body: unknown }

const candidates: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  101,
  1e9,
  '',
  'text',
  '2026-11-01',
  'x'.repeat(100_001),
  [],
  [null],
  [[]],
  ['text', 5],
  {},
  { text: 5 },
]

const createAjv = () => {
  const ajv = new Ajv({ strict: false })
  formats.default(ajv)
  return ajv
}

/**
 * Every body that differs from the `good` one in a single place: a declared member of a wrong type or size, a required member
 * missing or null, a member nobody knows. Where `good` has no such member only the member itself is tried, not what is in it.
 */
export const wrongBodies = (schema: JsonSchema, good: unknown): readonly WrongBody[] => {
  const ajv = createAjv()
  if (!ajv.validate(schema, good)) throw new Error(`the good body is wrong: ${ajv.errorsText()}`)
  return mistakesIn(ajv, schema, good).map(({ mistake, body }) => ({ mistake: `body${mistake}`, body }))
}

const mistakesIn = (ajv: Ajv, schema: JsonSchema, good: unknown): WrongBody[] => {
  const branch = schema.anyOf?.find((one) => ajv.validate(one, good)) ?? schema
  if (Array.isArray(good) && branch.items) {
    const { items } = branch
    return good.flatMap((item, index) =>
      [...wrongValues(ajv, items), ...mistakesIn(ajv, items, item)].map(({ mistake, body }) => ({
        mistake: `[${index}]${mistake}`,
        body: good.with(index, body),
      })),
    )
  }
  return isObject(good) ? mistakesInObject(ajv, branch, good) : []
}

const mistakesInObject = (ajv: Ajv, schema: JsonSchema, good: Record<string, unknown>): WrongBody[] => {
  const inMembers = Object.entries(schema.properties ?? {}).flatMap(([key, member]) => {
    const isRequired = schema.required?.includes(key)
    const wrong = [
      ...wrongValues(ajv, member).filter(({ body }) => isRequired || body !== null),
      ...(Object.hasOwn(good, key) ? mistakesIn(ajv, member, good[key]) : []),
      ...(isRequired ? [{ mistake: ' is missing', body: undefined }] : []),
    ]
    return wrong.map(({ mistake, body }) => ({
      mistake: `.${key}${mistake}`,
      body: { ...good, [key]: body },
    }))
  })
  const unknown = { mistake: '.surprise', body: { ...good, surprise: 1 } }
  return schema.additionalProperties === false ? [...inMembers, unknown] : inMembers
}

const wrongValues = (ajv: Ajv, schema: JsonSchema): WrongBody[] =>
  candidates
    .filter((value) => !ajv.validate(schema, value))
    .map((body) => ({ mistake: ` = ${JSON.stringify(body).slice(0, 20)}`, body }))

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
