/**
 * Speaks to a server as the Python client of Go Memory does, by what its documentation says: the address holds the key, bodies are JSON, and
 * an answer that lacks a member it declares, or has it in another case, is an error.
 */
import type { TestApp } from './test-app.ts'

export type GoMessage = { readonly role: string; readonly content: string }
export type GoMemory = {
  readonly memory_text: string
  readonly type: string
  readonly memory_id: string
  readonly userId: string
}
export type GoStatus = { readonly status: string; readonly created_at: string; readonly error: string | null }

/** What the client raises for an answer of 400 and above. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const POLL_MS = 3
const POLL_COUNT_MAX = 3_000

export const goMemoryClient = (app: Pick<TestApp, 'url' | 'key'>, key: string | null = app.key) => {
  // As `requests` does with the user part of an address.
  const authorization = key === null ? {} : { authorization: `Basic ${btoa(`key:${key}`)}` }

  const send = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${app.url}${path}`, {
      method,
      headers: {
        'user-agent': 'python-requests/2.32',
        accept: '*/*',
        ...authorization,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const value: unknown = response.headers.get('content-type')?.startsWith('application/json')
      ? JSON.parse(text)
      : text
    if (response.status < 400) return value
    throw new ApiError(response.status, isObject(value) ? String(value.Error) : text)
  }

  const getStatus = async (reqId: string): Promise<GoStatus> => {
    const body = await send('GET', `/get_status/${reqId}`)
    const error = isObject(body) && 'error' in body ? member(body, 'error') : null
    return { status: member(body, 'status'), created_at: member(body, 'createdAt'), error }
  }

  return {
    createUser: async () => member(await send('POST', '/create/user'), 'userId'),
    addMemory: async (user_id: string, messages: readonly GoMessage[]) => {
      const body = await send('POST', '/add_memory', { userId: user_id, messages })
      return { req_id: member(body, 'ReqId'), msg: member(body, 'Msg') }
    },
    getStatus,
    /** As its examples do: asks until the job is over. */
    finished: async (reqId: string): Promise<GoStatus> => {
      for (let count = 0; count < POLL_COUNT_MAX; count++) {
        const status = await getStatus(reqId)
        if (!['pending', 'processing'].includes(status.status)) return status
        await new Promise((resolve) => setTimeout(resolve, POLL_MS))
      }
      throw new Error(`job ${reqId} did not end`)
    },
    getMemory: async (
      user_id: string,
      given: { query?: string; messages?: readonly GoMessage[]; threshold?: number; core?: boolean },
    ) => {
      if ((given.query === undefined) === (given.messages === undefined))
        throw new RangeError('Provide either query or messages.')
      return memories(await send('POST', '/get_memory', { userId: user_id, ...given }))
    },
    getAll: async (user_id: string) => memories(await send('GET', `/get_all/${user_id}`)),
    getCore: async (user_id: string) => memories(await send('GET', `/get_core/${user_id}`)),
    remove: async (type: 'core' | 'general', user_id: string, memoryId: readonly string[]) =>
      member(await send('POST', `/delete_memory/${type}`, { userId: user_id, memoryId }), 'message'),
    healthCheck: () => send('GET', '/health'),
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

const member = (body: unknown, name: string): string => {
  const value = isObject(body) ? body[name] : undefined
  if (typeof value === 'string') return value
  throw new TypeError(`the answer has no ${name}: ${JSON.stringify(body)}`)
}

const memories = (body: unknown): readonly GoMemory[] => {
  if (!Array.isArray(body)) throw new TypeError(`the answer is no list: ${JSON.stringify(body)}`)
  return body.map((one: unknown) => ({
    memory_text: member(one, 'memory_text'),
    type: member(one, 'type'),
    memory_id: member(one, 'memory_id'),
    userId: member(one, 'userId'),
  }))
}
