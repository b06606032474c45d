/**
 * Validation by the routes' schemas. Members a schema does not know are errors. Bodies are taken as they are; paths and queries
 * are text by nature, so there numbers are read from it. All errors are told, unless the body is a large one: looking for every
 * error of a megabyte of errors would keep everybody else waiting, so there it is the first one.
 */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import type { FastifySchemaCompiler } from 'fastify'
import { toIso } from '../kernel/clock.ts'
import { PROBLEM_ERROR_COUNT_MAX, PROBLEM_LOCATION_LENGTH_MAX } from '../kernel/limits.ts'
import { type Problem, type ProblemError, problem } from '../kernel/problem.ts'

export const createValidatorCompiler = (): FastifySchemaCompiler<object> => {
  // A member of a query that may come several times may come once, too.
  const text = createAjv({ coerceTypes: 'array', allErrors: true })
  const firstError = createAjv({ coerceTypes: false, allErrors: false })
  const allErrors = createAjv({ coerceTypes: false, allErrors: true })
  return ({ schema, httpPart }) => {
    if (httpPart !== 'body') return compileLater(text, schema)
    const [findFirst, findAll] = [compileLater(firstError, schema), compileLater(allErrors, schema)]
    return (body: unknown) => {
      const first = findFirst(body)
      return first === true || isLarge(body) ? first : findAll(body)
    }
  }
}

type Validate = (value: unknown) => true | { error: ErrorObject[] }

/** Compiles at the first value: compiling every schema of every route would take most of the time of a start. */
const compileLater = (ajv: Ajv, schema: object): Validate => {
  let compiled: ValidateFunction | undefined
  return (value) => {
    compiled ??= ajv.compile(schema)
    return compiled(value) || { error: compiled.errors ?? [] }
  }
}

const LARGE_VALUE_COUNT = 10_000

/** Whether it holds so many values, of any kind and depth. */
const isLarge = (body: unknown): boolean => {
  const values = [body]
  for (let index = 0; index < values.length && values.length < LARGE_VALUE_COUNT; index++) {
    const value = values[index]
    if (typeof value !== 'object' || value === null) continue
    for (const member of Object.values(value)) values.push(member)
  }
  return values.length >= LARGE_VALUE_COUNT
}

const createAjv = (options: { coerceTypes: boolean | 'array'; allErrors: boolean }): Ajv => {
  const ajv = new Ajv({
    ...options,
    useDefaults: true,
    removeAdditional: false,
    strict: false,
  })
  formats.default(ajv, ['uuid'])
  ajv.addFormat('date-time', isInstant)
  return ajv
}

/** An instant of RFC 3339, less those that no clock of ours can show: leap seconds, and days that their month does not have. */
const isInstant = (text: string): boolean => {
  const [, date = '', time = ''] = instantPattern.exec(text) ?? []
  const day = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(day) && toIso(day).startsWith(date) && !Number.isNaN(Date.parse(`${date}T${time}`))
}

const instantPattern = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))$/i

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
  const location = `${place}${toPath(issue.instancePath ?? '')}`.slice(0, PROBLEM_LOCATION_LENGTH_MAX)
  const { additionalProperty, missingProperty, allowedValues } = issue.params ?? {}
  if (typeof additionalProperty === 'string') {
    return {
      message: 'is unexpected',
      location: `${location}.${additionalProperty}`.slice(0, PROBLEM_LOCATION_LENGTH_MAX),
    }
  }
  if (typeof missingProperty === 'string')
    return { message: 'is required', location: `${location}.${missingProperty}` }
  if (Array.isArray(allowedValues)) return { message: `must be one of ${allowedValues.join(', ')}`, location }
  return { message: issue.message ?? 'is invalid', location }
}

/** From a JSON pointer, `/items/3/x`, to `.items[3].x`. */
const toPath = (pointer: string): string =>
  pointer
    .split('/')
    .slice(1)
    .map((part) =>
      /^\d+$/.test(part) ? `[${part}]` : `.${part.replaceAll('~1', '/').replaceAll('~0', '~')}`,
    )
    .join('')
