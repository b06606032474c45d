/** The types that documents name, each as what a value of it looks like. */
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isUuid = (value: unknown): boolean => typeof value === 'string' && uuid.test(value)
const isInstant = (value: unknown): boolean =>
  typeof value === 'string' && instant.test(value) && !Number.isNaN(Date.parse(value))

const isJson = (value: unknown): boolean => {
  try {
    JSON.parse(String(value))
    return typeof value === 'string'
  } catch {
    return false
  }
}

export const valueTypes = {
  uuid: isUuid,
  /** RFC 3339 in UTC. */
  instant: isInstant,
  text: (value: unknown) => typeof value === 'string' && value !== '',
  'text, maybe empty': (value: unknown) => typeof value === 'string',
  'JSON in a text': isJson,
  count: (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0,
  decimal: (value: unknown) => typeof value === 'number' && value >= 0,
  flag: (value: unknown) => typeof value === 'boolean',
  object: isObject,
  objects: (value: unknown) => Array.isArray(value) && value.every(isObject),
  uuids: (value: unknown) => Array.isArray(value) && value.every(isUuid),
} as const satisfies Readonly<Record<string, (value: unknown) => boolean>>
