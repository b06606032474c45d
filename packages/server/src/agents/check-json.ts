/** Values held against JSON Schemas that came from outside. A schema is compiled once for each attempt of a run. */
import { RESULT_TEXT_LENGTH_MAX } from '../kernel/limits.ts'
import type { JsonSchema } from './action-spec.ts'
import { compileSchema } from './json-schema.ts'

/** What is wrong with the value, in a sentence; null when nothing is. */
export type JsonCheck = (value: unknown) => string | null

/** Answers null for a schema that cannot be compiled, one that refers to others elsewhere for example. */
export type JsonChecks = (schema: JsonSchema) => Promise<JsonCheck | null>

export const createJsonChecks = (): JsonChecks => {
  const known = new Map<JsonSchema, Promise<JsonCheck | null>>()
  return (schema) => {
    const check = known.get(schema) ?? compile(schema)
    known.set(schema, check)
    return check
  }
}

// The keywords of all drafts are much the same, so it does not matter which of them a schema names.
const compile = async ({ $schema: _draft, ...schema }: JsonSchema): Promise<JsonCheck | null> => {
  try {
    const check = await compileSchema(schema)
    return (value) => {
      const [first] = check(value)
      if (first === undefined) return null
      const { path, message } = first
      return `${path === '' ? 'the whole' : path} ${message}`.slice(0, RESULT_TEXT_LENGTH_MAX).toWellFormed()
    }
  } catch {
    return null
  }
}
