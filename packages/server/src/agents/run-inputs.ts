/**
 * Values that a run brings along for the instructions of its agent, where `{{inputs.city}}` stands for the one of that name. Instructions
 * are prose and no template: whatever else stands in braces stays as it is. What was filled in is text, and is not looked through for
 * places again.
 */
import { FILLED_LENGTH_MAX } from '../kernel/limits.ts'
import type { ProblemError } from '../kernel/problem.ts'

export type RunInputs = Readonly<Record<string, string | number | boolean>>

const NAME = /^[A-Za-z0-9_-]{1,64}$/
const placePattern = (): RegExp => /\{\{\s*inputs\.([A-Za-z0-9_-]{1,64})\s*\}\}/g

/** A place whose value was not given stays as it is: the instructions of a run from before there were inputs may hold one. */
export const fillInputs = (instructions: string, inputs: RunInputs): string =>
  instructions.replace(placePattern(), (place, name: string) =>
    Object.hasOwn(inputs, name) ? String(inputs[name]) : place,
  )

/** What is wrong with their names, whatever the agent. */
export const nameMistakes = (inputs: RunInputs): readonly ProblemError[] =>
  Object.keys(inputs)
    .filter((name) => !NAME.test(name))
    .map((name) => ({
      message: 'must be named by 1 to 64 letters, digits, "_" and "-"',
      location: `body.inputs.${name}`,
    }))

/** What keeps an agent from being run with them: names of its instructions that are not given, or too much text. */
export const misfits = (instructions: string, inputs: RunInputs): readonly ProblemError[] => {
  const named = new Set([...instructions.matchAll(placePattern())].map(([, name = '']) => name))
  const missing = [...named].filter((name) => !Object.hasOwn(inputs, name))
  if (missing.length > 0)
    return missing.map((name) => ({
      message: 'is missing, and the instructions of the agent name it',
      location: `body.inputs.${name}`,
    }))
  return fillInputs(instructions, inputs).length <= FILLED_LENGTH_MAX
    ? []
    : [
        {
          message: `must not make the instructions longer than ${FILLED_LENGTH_MAX} characters`,
          location: 'body.inputs',
        },
      ]
}
