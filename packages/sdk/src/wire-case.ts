/** The one place where snake_case on the wire and camelCase in TypeScript meet. */

/** Members whose content belongs to the caller: its keys are data and stay as they are. */
const opaqueMembers: ReadonlySet<string> = new Set(['properties', 'metadata', 'value', 'output'])

/** The value with every key of its objects as the wire spells it. */
export const toWire = (value: unknown): unknown => mapKeys(value, snakeCase)

/** The value with every key of its objects as TypeScript spells it. */
export const fromWire = (value: unknown): unknown => mapKeys(value, camelCase)

const snakeCase = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const camelCase = (key: string): string =>
  key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

const mapKeys = (value: unknown, rename: (key: string) => string): unknown => {
  if (Array.isArray(value)) return value.map((item) => mapKeys(item, rename))
  if (value === null || typeof value !== 'object' || value instanceof Date) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      rename(key),
      opaqueMembers.has(key) ? member : mapKeys(member, rename),
    ]),
  )
}
