/** The one place where snake_case on the wire and camelCase in TypeScript meet. */

/** Members whose content belongs to the caller: its keys are data and stay as they are. */
const opaqueMembers: readonly string[] = [
  ...['properties', 'metadata', 'value', 'output', 'inputs'],
  ...['parameters', 'outputSchema', 'output_schema', 'headers', 'query', 'body', 'arguments', 'models'],
]
const opaqueOut: ReadonlySet<string> = new Set(opaqueMembers)
/** What is handed in as `input` of an add is ours, what an action was given is the caller's. */
const opaqueIn: ReadonlySet<string> = new Set([...opaqueMembers, 'input'])

/** The value with every key of its objects as the wire spells it. */
export const toWire = (value: unknown): unknown => mapKeys(value, { rename: snakeCase, opaque: opaqueOut })

/** The value with every key of its objects as TypeScript spells it. */
export const fromWire = (value: unknown): unknown => mapKeys(value, { rename: camelCase, opaque: opaqueIn })

const snakeCase = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const camelCase = (key: string): string =>
  key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

type Spelling = { readonly rename: (key: string) => string; readonly opaque: ReadonlySet<string> }

const mapKeys = (value: unknown, spelling: Spelling): unknown => {
  if (Array.isArray(value)) return value.map((item) => mapKeys(item, spelling))
  if (value === null || typeof value !== 'object' || value instanceof Date) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      spelling.rename(key),
      spelling.opaque.has(key) ? member : mapKeys(member, spelling),
    ]),
  )
}
