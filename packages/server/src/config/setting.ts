/**
 * What a setting is. Its schema is JSON Schema, narrowed to three forms and read here: a general validator takes longer to
 * load than a client command takes to run.
 */
export type Setting = {
  /** As in `Config`, and as the member of the file. */
  readonly name: string
  readonly env: string
  /** A variable that other programs have for the same: read when neither flag, `env` nor file has it. */
  readonly commonEnv: string | null
  readonly flag: string
  /** What stands for the value in the help. */
  readonly placeholder: string
  readonly description: string
  readonly schema: SettingSchema
  readonly default: SettingValue
  /** The value is never shown whole. */
  readonly secret: boolean
  readonly isLimit: boolean
}

export type SettingValue = string | number | null

export type SettingSchema =
  | { readonly type: 'integer'; readonly minimum: number; readonly maximum: number }
  | { readonly type: 'string'; readonly enum: readonly string[] }
  | { readonly type: 'string'; readonly pattern: string; readonly description: string }

/** A setting of that name; its flag and its variable follow from the name. */
export const defineSetting = (
  name: string,
  parts: Pick<Setting, 'placeholder' | 'description' | 'schema' | 'default'> &
    Partial<Pick<Setting, 'secret' | 'isLimit' | 'commonEnv'>>,
): Setting => ({
  name,
  env: `REMANENCE_${words(name).join('_').toUpperCase()}`,
  flag: `--${words(name).join('-')}`,
  commonEnv: null,
  secret: false,
  isLimit: false,
  ...parts,
})

const words = (name: string): string[] => name.split(/(?=[A-Z])/).map((word) => word.toLowerCase())

/** The value that a flag or a variable spells, or undefined when it is none. */
export const readText = (schema: SettingSchema, text: string): SettingValue | undefined =>
  schema.type === 'string'
    ? readValue(schema, text)
    : /^\d+$/.test(text)
      ? readValue(schema, Number(text))
      : undefined

/** The value itself if the schema admits it, else undefined. */
export const readValue = (schema: SettingSchema, value: unknown): SettingValue | undefined => {
  if (schema.type === 'integer') {
    const isInRange =
      typeof value === 'number' &&
      Number.isSafeInteger(value) &&
      value >= schema.minimum &&
      value <= schema.maximum
    return isInRange ? value : undefined
  }
  if (typeof value !== 'string') return undefined
  const isAdmitted = 'enum' in schema ? schema.enum.includes(value) : new RegExp(schema.pattern).test(value)
  return isAdmitted ? value : undefined
}

/** What the schema admits, to complete the sentence "it must be …". */
export const describeSchema = (schema: SettingSchema): string => {
  if (schema.type === 'integer') return `an integer from ${schema.minimum} to ${schema.maximum}`
  return 'enum' in schema ? `one of ${schema.enum.join(', ')}` : schema.description
}
