import { isUtf8 } from 'node:buffer'
import { JSON_DEPTH_MAX, PROBLEM_LOCATION_LENGTH_MAX } from './limits.ts'
import { type Problem, problem } from './problem.ts'

/** The same value gives the same text, whatever the order of its members. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) =>
    member !== null && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )

/**
 * Parses a request body. Beyond JSON's own rules it refuses what no store could keep or no reader expects: bytes that are not
 * UTF-8, NUL characters, lone surrogates, nesting beyond JSON_DEPTH_MAX, and members named `__proto__`.
 * Throws Problem `malformed_json` or `invalid_body`.
 */
export const parseBody = (bytes: Buffer, depthMax = JSON_DEPTH_MAX): unknown => {
  if (!isUtf8(bytes)) throw problem('malformed_json', 'The body is not valid UTF-8.')
  let value: unknown
  try {
    value = JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    throw problem(
      'malformed_json',
      `The body is not valid JSON: ${error instanceof Error ? error.message : ''}`,
    )
  }
  refuseUnstorable(value, depthMax)
  return value
}

type Place = { readonly value: unknown; readonly depth: number; readonly path: string }

/**
 * The same for the texts of a body that came in another form. Iterative, because the depth of the body is the caller's choice until it has
 * been checked. Throws Problem `invalid_body`.
 */
export const refuseUnstorable = (body: unknown, depthMax = JSON_DEPTH_MAX): void => {
  const places: Place[] = [{ value: body, depth: 0, path: 'body' }]
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const { value, depth, path } = place
    if (typeof value === 'string') refuseText(value, path)
    if (value === null || typeof value !== 'object') continue
    if (depth === depthMax) {
      throw refusal(path, 'nested too deeply', () => `The body is nested deeper than ${depthMax} levels.`)
    }
    const isList = Array.isArray(value)
    for (const [key, member] of Object.entries(value)) {
      if (!isList) refuseText(key, path)
      if (key === '__proto__') {
        throw refusal(path, 'unexpected member', () => 'A member may not be named __proto__.')
      }
      if (typeof member === 'string' || (member !== null && typeof member === 'object')) {
        places.push({ value: member, depth: depth + 1, path: isList ? `${path}[${key}]` : `${path}.${key}` })
      }
    }
  }
}

const refuseText = (text: string, path: string): void => {
  const message = text.includes('\0')
    ? 'holds a NUL character (U+0000)'
    : text.isWellFormed()
      ? null
      : 'holds a lone surrogate, which is no Unicode text'
  if (message === null) return
  throw refusal(path, message, (location) => `The text at ${location} ${message}.`)
}

const refusal = (path: string, message: string, explain: (location: string) => string): Problem => {
  const location = path.slice(0, PROBLEM_LOCATION_LENGTH_MAX)
  return problem('invalid_body', explain(location), { errors: [{ message, location }] })
}
