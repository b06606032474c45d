/**
 * Validation by the routes' schemas. Members a schema does not know are errors and all errors are told. Bodies are taken as they
 * are; paths and queries are text by nature, so there numbers are read from it.
 */
import { Ajv, type ErrorObject } from 'ajv'
import formats from 'ajv-formats'
import type { FastifySchemaCompiler } from 'fastify'
import { PROBLEM_ERROR_COUNT_MAX } from '../kernel/limits.ts'
import { type Problem, type ProblemError, problem } from '../kernel/problem.ts'

export const createValidatorCompiler = (): FastifySchemaCompiler<object> => {
  const body = createAjv({ coerceTypes: false })
  const text = createAjv({ coerceTypes: true })
  return ({ schema, httpPart }) => (httpPart === 'body' ? body : text).compile(schema)
}

const createAjv = (options: { coerceTypes: boolean }): Ajv => {
  const ajv = new Ajv({
    ...options,
    allErrors: true,
    useDefaults: true,
    removeAdditional: false,
    strict: false,
  })
  formats.default(ajv, ['date-time', 'uuid'])
  return ajv
}

const places: Readonly<Record<string, string>> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'header',
}

/** What Fastify throws when a part of a request does not match its schema. */
export const validationProblem = (issues: readonly Partial<ErrorObject>[], part: string): Problem => {
  const place = places[part] ?? part
  const first = issues[0]
  if (part === 'body' && first?.instancePath === '' && first.keyword === 'type') {
    return problem('invalid_body', 'The body must be a JSON object.', {
      errors: [{ message: 'must be object', location: 'body' }],
    })
  }
  const errors = issues.filter(({ keyword }) => keyword !== 'anyOf').slice(0, PROBLEM_ERROR_COUNT_MAX)
  const told = (errors.length > 0 ? errors : issues.slice(0, 1)).map((issue) => toProblemError(issue, place))
  const summary = told[0] === undefined ? '' : `: ${told[0].location} ${told[0].message}`
  return problem('invalid_body', `validation failed${summary}`, { errors: told })
}

const toProblemError = (issue: Partial<ErrorObject>, place: string): ProblemError => {
  const location = `${place}${toPath(issue.instancePath ?? '')}`
  const { additionalProperty, missingProperty, allowedValues } = issue.params ?? {}
  if (typeof additionalProperty === 'string') {
    return {
      message: 'is unexpected',
      location: `${location}.${additionalProperty.slice(0, NAME_LENGTH_SHOWN)}`,
    }
  }
  if (typeof missingProperty === 'string')
    return { message: 'is required', location: `${location}.${missingProperty}` }
  if (Array.isArray(allowedValues)) return { message: `must be one of ${allowedValues.join(', ')}`, location }
  return { message: issue.message ?? 'is invalid', location }
}

const NAME_LENGTH_SHOWN = 100

/** From a JSON pointer, `/items/3/x`, to `.items[3].x`. */
const toPath = (pointer: string): string =>
  pointer
    .split('/')
    .slice(1)
    .map((part) =>
      /^\d+$/.test(part) ? `[${part}]` : `.${part.replaceAll('~1', '/').replaceAll('~0', '~')}`,
    )
    .join('')
