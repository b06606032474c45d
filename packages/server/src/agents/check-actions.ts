/**
 * What must hold of actions before they are kept. Everything that is wrong is told at once, each with its place; what can only be known
 * when an action is performed (what a name resolves to, what a server offers) is told then.
 */
import { ACTION_JSON_LENGTH_MAX } from '../kernel/limits.ts'
import { type ProblemError, problem } from '../kernel/problem.ts'
import type { AddressRules } from '../outbound/addresses.ts'
import { checkNewTarget, TargetError } from '../outbound/guarded-client.ts'
import type { Access } from '../projects/access.ts'
import type { Group } from '../projects/group.ts'
import type { ActionSpec, HttpRequestTemplate, JsonSchema } from './action-spec.ts'
import { compileSchema } from './json-schema.ts'
import { placesOf, TemplateError } from './template.ts'

/** What a definition may refer to. */
export type Surroundings = {
  readonly rules: AddressRules
  readonly group: Group
  readonly secrets: ReadonlySet<string>
  readonly isAgent: (agentId: string) => Promise<boolean>
}

export const readSurroundings = async (
  { storage }: Pick<Access, 'storage'>,
  { rules, group }: Pick<Surroundings, 'rules' | 'group'>,
): Promise<Surroundings> => ({
  rules,
  group,
  secrets: new Set((await storage.agents.listSecrets()).map(({ name }) => name)),
  isAgent: async (agentId) => {
    const agent = await storage.agents.agents.get(agentId)
    return agent !== null && agent.status !== 'archived'
  },
})

/** What a model can call something by. */
const ACTION_NAME = /^[A-Za-z0-9_-]{1,64}$/

export const nameErrors = (names: readonly string[], locationOf: (index: number) => string): ProblemError[] =>
  names.flatMap((name, index) => {
    const location = locationOf(index)
    if (!ACTION_NAME.test(name))
      return [{ message: 'must be 1 to 64 letters, digits, "_" and "-"', location, value: name }]
    if (names.indexOf(name) < index) return [{ message: 'is the name of another one', location, value: name }]
    return []
  })

/** What is wrong with one action at `location`. */
export const actionErrors = async (
  action: ActionSpec,
  location: string,
  surroundings: Surroundings,
): Promise<readonly ProblemError[]> => {
  switch (action.type) {
    case 'memory_search':
      return []
    case 'memory_add':
      return action.topic === null || surroundings.group.topics.some(({ name }) => name === action.topic)
        ? []
        : [
            {
              message: `is no topic of the group "${surroundings.group.name}"`,
              location: `${location}.topic`,
              value: action.topic,
            },
          ]
    case 'http':
      return [
        ...(await schemaErrors(action.parameters, `${location}.parameters`)),
        ...requestErrors(action.request, `${location}.request`, {
          ...surroundings,
          parameters: action.parameters,
        }),
      ]
    case 'mcp':
      return [
        ...addressErrors(surroundings.rules, action.url, `${location}.url`),
        ...headerErrors(action.headers, `${location}.headers`),
        ...placeErrors(action.headers, `${location}.headers`, { secrets: nameIn(surroundings.secrets) }),
      ]
    case 'agent':
      return (await surroundings.isAgent(action.agentId))
        ? []
        : [{ message: 'is no agent of the project', location: `${location}.agent_id`, value: action.agentId }]
  }
}

export const schemaErrors = async (
  schema: JsonSchema,
  location: string,
): Promise<readonly ProblemError[]> => {
  try {
    await compileSchema(schema)
    return []
  } catch (error) {
    return [{ message: error instanceof Error ? error.message : 'is no JSON Schema', location }]
  }
}

type Parameters = { readonly parameters: JsonSchema }

const requestErrors = (
  request: HttpRequestTemplate,
  location: string,
  { rules, secrets, parameters }: Surroundings & Parameters,
): readonly ProblemError[] => [
  ...lengthErrors(request, location),
  ...addressErrors(rules, request.url, `${location}.url`),
  ...headerErrors(request.headers, `${location}.headers`),
  ...(request.method === 'GET' && request.body !== null
    ? [{ message: 'a GET has none', location: `${location}.body` }]
    : []),
  ...(['url', 'headers', 'query', 'body'] as const).flatMap((part) =>
    placeErrors(request[part], `${location}.${part}`, {
      args: parameterOf(parameters),
      secrets: nameIn(secrets),
    }),
  ),
]

/** What is kept of a template must have a bound. */
export const lengthErrors = (template: unknown, location: string): readonly ProblemError[] => {
  const length = (JSON.stringify(template) ?? '').length
  if (length <= ACTION_JSON_LENGTH_MAX) return []
  return [{ message: `has ${length} characters as JSON; ${ACTION_JSON_LENGTH_MAX} are allowed`, location }]
}

/** Of a place the part behind its first name: null when there is such a thing, else what is wrong. */
export type CheckPlace = (path: readonly string[]) => string | null

const nameIn =
  (names: ReadonlySet<string>): CheckPlace =>
  ([name = '', ...deeper]) =>
    names.has(name) && deeper.length === 0 ? null : 'names no secret of the project'

/** An argument that no parameter names would never be given. */
export const parameterOf =
  ({ properties }: JsonSchema): CheckPlace =>
  ([name = '']) =>
    typeof properties === 'object' && properties !== null && Object.hasOwn(properties, name)
      ? null
      : 'names no parameter'

/** Places in a template must begin with one of these names. */
export const placeErrors = (
  template: unknown,
  location: string,
  roots: Readonly<Record<string, CheckPlace>>,
): readonly ProblemError[] => {
  try {
    return placesOf(template).flatMap((place) => {
      const [root = '', ...path] = place.split('.')
      const check = Object.hasOwn(roots, root) ? roots[root] : undefined
      const wrong = check === undefined ? `begins with none of ${Object.keys(roots).join(', ')}` : check(path)
      return wrong === null ? [] : [{ message: `{{${place}}} ${wrong}`, location }]
    })
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    return [{ message: error.message, location }]
  }
}

/** Where a request goes is decided by whoever defines it: a place in the host would let a model decide. */
const addressErrors = (rules: AddressRules, url: string, location: string): readonly ProblemError[] => {
  const [origin = ''] = /^[^/]*\/\/[^/?#]*/.exec(url) ?? []
  if (origin.includes('{{')) return [{ message: 'may have places behind its host only', location }]
  try {
    checkNewTarget(rules, url.replace(/\{\{[^{}]*\}\}/g, 'x'))
    return []
  } catch (error) {
    if (!(error instanceof TargetError)) throw error
    return [{ message: error.message, location }]
  }
}

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/
/** What the connection needs to be sure of. */
const ownHeaders = new Set([
  ...['host', 'connection', 'content-length', 'transfer-encoding', 'upgrade', 'te', 'trailer', 'expect'],
  ...['keep-alive', 'proxy-connection'],
])

const headerErrors = (headers: Readonly<Record<string, string>>, location: string): readonly ProblemError[] =>
  Object.entries(headers).flatMap(([name, value]) => {
    const place = `${location}.${name}`
    if (!HEADER_NAME.test(name)) return [{ message: 'is no name of a header', location: place }]
    if (ownHeaders.has(name.toLowerCase()))
      return [{ message: 'is set by the server itself', location: place }]
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a header may not hold
    return /[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)
      ? [{ message: 'holds control characters', location: place }]
      : []
  })

/** Throws Problem `invalid_body` when there are any. */
export const refuseErrors = (what: string, errors: readonly ProblemError[]): void => {
  const [first] = errors
  if (first === undefined) return
  throw problem('invalid_body', `The ${what} cannot work: ${first.location} ${first.message}.`, { errors })
}
