/** The parts of JSON Schema by which an object's optional members are known. */
type Schema = {
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
}

/**
 * `null` for an optional member counts as absent: answers `value` without such members, wherever the schema declares members
 * that may not be null. What the schema leaves open stays as it is.
 */
export const stripNulls = (schema: unknown, value: unknown): unknown =>
  strip(schema as Schema | undefined, value)

const strip = (schema: Schema | undefined, value: unknown): unknown => {
  if (schema === undefined || value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((item) => strip(branchFor(schema, 'array')?.items, item))
  const declared = branchFor(schema, 'object')
  const members = declared?.properties ?? {}
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, member]) => member !== null || !isOptional(declared, key))
      .map(([key, member]) => [key, strip(Object.hasOwn(members, key) ? members[key] : undefined, member)]),
  )
}

const branchFor = (schema: Schema, type: string): Schema | undefined =>
  schema.anyOf?.find((branch) => branch.type === type) ?? (schema.type === type ? schema : undefined)

const isOptional = (schema: Schema | undefined, key: string): boolean => {
  const member =
    schema?.properties !== undefined && Object.hasOwn(schema.properties, key)
      ? schema.properties[key]
      : undefined
  return member !== undefined && !schema?.required?.includes(key) && !mayBeNull(member)
}

/** It says so, or says nothing of its type at all. */
const mayBeNull = ({ type, ...others }: Schema): boolean =>
  Array.isArray(type)
    ? type.includes('null')
    : type === undefined && ['anyOf', 'enum', 'const'].every((word) => !Object.hasOwn(others, word))
