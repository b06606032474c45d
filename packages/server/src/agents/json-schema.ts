/**
 * JSON Schemas that somebody else wrote: of parameters and of answers. They are compiled apart from each other, refer to nothing outside
 * of themselves, and their patterns are matched within a time: one that backtracks for ever would keep everybody waiting.
 */
import { createContext, Script } from 'node:vm'
import type { Ajv2020 } from 'ajv/dist/2020.js'
import { ACTION_JSON_LENGTH_MAX } from '../kernel/limits.ts'
import type { JsonSchema } from './action-spec.ts'

/** Answers what is wrong with a value, as sentences with the place; none when nothing is. */
export type CheckValue = (value: unknown) => readonly { readonly message: string; readonly path: string }[]

/** Throws an Error with a sentence for people when it is no schema. */
export const compileSchema = async (schema: JsonSchema): Promise<CheckValue> => {
  const length = JSON.stringify(schema).length
  if (length > ACTION_JSON_LENGTH_MAX)
    throw new Error(`has ${length} characters as JSON; ${ACTION_JSON_LENGTH_MAX} are allowed`)
  // Only here: it takes longer to load than a start may take.
  const { Ajv2020: Compiler } = await import('ajv/dist/2020.js')
  const ajv: Ajv2020 = new Compiler({
    ...{ strict: false, validateFormats: false, allErrors: false, addUsedSchema: false, logger: false },
    code: { regExp: patientRegExp },
  })
  const validate = ajv.compile(schema)
  if ('$async' in validate) throw new Error('is asynchronous, which nothing here can wait for')
  return (value) => {
    try {
      if (validate(value)) return []
    } catch (error) {
      if (error instanceof SlowPattern) return [{ message: error.message, path: '' }]
      throw error
    }
    return (validate.errors ?? []).map(({ message = 'is invalid', instancePath, params }) => ({
      message:
        typeof params.additionalProperty === 'string'
          ? `has an unexpected ${params.additionalProperty}`
          : message,
      path: instancePath.split('/').slice(1).map(readPointer).join('.'),
    }))
  }
}

const readPointer = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~')

const MATCH_MS_MAX = 50

class SlowPattern extends Error {
  override readonly name = 'SlowPattern'
}

/** A match in a context of its own can be stopped; an ordinary one cannot. */
const patientRegExp = Object.assign(
  (pattern: string, flags: string) => {
    const regExp = new RegExp(pattern, flags)
    const place = createContext({ regExp, text: '' })
    const match = new Script('regExp.test(text)')
    return {
      // By this the compiler tells one pattern from another.
      toString: () => regExp.toString(),
      test: (text: string): boolean => {
        place.text = text
        try {
          return match.runInContext(place, { timeout: MATCH_MS_MAX }) === true
        } catch (error) {
          throw new SlowPattern(`takes too long to be matched with the pattern ${pattern}`, { cause: error })
        }
      },
    }
  },
  { code: 'new RegExp' },
)
