/** The answer of an agent whose caller wants JSON. */
import { StepError } from '../kernel/step-error.ts'
import type { JsonSchema } from './action-spec.ts'
import type { JsonChecks } from './check-json.ts'

/** The text that is the output, or what is wrong with it. */
export type CheckedAnswer =
  | { readonly kind: 'good'; readonly text: string }
  | { readonly kind: 'wrong'; readonly mistake: string }

/** Without a schema every answer is good. Throws StepError `invalid_schema` (final) when the schema is none. */
export const checkAnswer = async (
  checks: JsonChecks,
  schema: JsonSchema | null,
  text: string,
): Promise<CheckedAnswer> => {
  if (schema === null) return { kind: 'good', text }
  const check = await checks(schema)
  if (check === null) throw new StepError('invalid_schema', 'the schema of the output cannot be used')
  const json = unfenced(text)
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    return wrong(`it is no JSON: ${error instanceof Error ? error.message : ''}`)
  }
  const mistake = check(value)
  return mistake === null ? { kind: 'good', text: json } : wrong(mistake)
}

const wrong = (mistake: string): CheckedAnswer => ({ kind: 'wrong', mistake })

/** Many models put JSON in a fence, whatever they are told. */
const unfenced = (text: string): string => {
  const trimmed = text.trim()
  return /^```\w*\n([\s\S]*)\n```$/.exec(trimmed)?.[1]?.trim() ?? trimmed
}
