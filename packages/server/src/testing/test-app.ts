/**
 * The real server for tests: composed as in production, on a port of its own and a data directory that goes with it, spoken to
 * over HTTP. Only the clock, ids, randomness and the language model can be replaced.
 *
 *     await using app = await startTestApp()
 *     const run = await app.finished(await app.add('Mara keeps bees.'))
 *     const answer = await app.request('POST', '/v1/memories/search', { query: 'bees', user_id: 'mara' })
 *     expect(answer).toMatchObject({ status: 200, body: { total: 1 } })
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Static } from '@fastify/type-provider-typebox'
import type { MemoryRepresentation } from '../api/representations/memory.ts'
import type { RunRepresentation } from '../api/representations/run.ts'
import { type ComposeOptions, compose } from '../compose.ts'
import type { Config } from '../config/config.ts'
import { defaultLimits, type Limits } from '../kernel/limits.ts'
import { createLog } from '../kernel/log.ts'
import type { TemplateName } from '../projects/templates.ts'
import type { EventDetail } from '../runs/run.ts'
import { openSqliteStorage } from '../storage/sqlite/sqlite-storage.ts'
import type { Storage } from '../storage/storage.ts'
import { temporaryFolder } from './temporary-folder.ts'

export type RunBody = Static<typeof RunRepresentation>
export type MemoryBody = Static<typeof MemoryRepresentation>

/** `body` is the parsed JSON; undefined for an answer that is none. The test says what it expects it to be. */
export type Answer<Body> = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: Body
}

export type RequestOptions = {
  /** Null: no Authorization header. The app's own key when absent. */
  readonly key?: string | null
  readonly headers?: Readonly<Record<string, string>>
}

/** What an add, a search or a list may name besides its content. */
export type Members = { readonly user_id?: string | undefined; readonly [member: string]: unknown }

export type TestApp = AsyncDisposable & {
  readonly url: string
  readonly key: string
  readonly dataDir: string
  /** Text and bytes are sent as they are, a form as one, anything else as JSON; but for a form the content type says JSON, as clients do. */
  readonly request: <Body = unknown>(
    method: string,
    path: string,
    body?: unknown,
    options?: RequestOptions,
  ) => Promise<Answer<Body>>
  /** Adds texts, or another `input`, for the user `mara` unless another is named, and answers the id of the run. */
  readonly add: (
    input: string | readonly string[] | object,
    members?: Members,
    options?: RequestOptions,
  ) => Promise<string>
  /** The run once it has ended. */
  readonly finished: (runId: string, options?: RequestOptions) => Promise<RunBody>
  /** The newest hundred memories of the user `mara`, unless another is named. */
  readonly list: (members?: Members, options?: RequestOptions) => Promise<readonly MemoryBody[]>
  readonly stop: () => Promise<void>
}

export type TestAppOptions = Omit<ComposeOptions, 'config' | 'log'> & {
  readonly limits?: Partial<Limits>
  readonly template?: TemplateName
  readonly eventDetail?: EventDetail
  readonly metrics?: 'on' | 'off'
  readonly wires?: string
  readonly loopbackProject?: string
  readonly synapRelationship?: 'b2c' | 'b2b'
  readonly webhookAllow?: string
  /** A collector that traces are sent to. */
  readonly otlpEndpoint?: string | null
  /** Where language models are; none when absent. */
  readonly models?: Partial<Pick<Config, 'modelProvider' | 'modelUrl' | 'modelKey' | 'modelName'>>
  /** A data directory to use and to keep; else a new one is made, and removed in the end. */
  readonly dataDir?: string
  /** Fills the store before the app opens it. */
  readonly prepare?: (storage: Storage) => Promise<unknown>
}

const API_KEY = 'rem_test_key'
const POLL_MS = 3
const WAIT_MS_MAX = 10_000

export const startTestApp = async (options: TestAppOptions = {}): Promise<TestApp> => {
  const {
    limits,
    template = 'personalization',
    eventDetail = 'all',
    metrics = 'on',
    wires = 'gomemory,synap,flowyble',
    loopbackProject = null,
    synapRelationship = 'b2c',
    webhookAllow = null,
    otlpEndpoint = null,
    models = {},
    prepare,
    ...replaced
  } = options
  await using stack = new AsyncDisposableStack()
  const dataDir = options.dataDir ?? stack.use(temporaryFolder()).path
  if (prepare !== undefined) {
    await using storage = openSqliteStorage({ dataDir })
    await prepare(storage)
  }
  const app = stack.use(
    await compose({
      ...replaced,
      log: createLog('silent'),
      config: {
        host: '127.0.0.1',
        port: 0,
        dataDir,
        apiKey: API_KEY,
        template,
        logLevel: 'silent',
        eventDetail,
        wires,
        loopbackProject,
        synapRelationship,
        webhookAllow,
        metrics,
        otlpEndpoint,
        otlpHeaders: null,
        serviceName: 'remanence',
        traceSamplePercent: 100,
        modelProvider: 'none',
        modelUrl: null,
        modelKey: null,
        modelName: null,
        ...models,
        limits: { ...defaultLimits, ...limits },
      },
    }),
  )
  const resources = stack.move()
  const stop = () => resources.disposeAsync()
  return { url: app.url, key: API_KEY, dataDir, ...requests(app.url), stop, [Symbol.asyncDispose]: stop }
}

const requests = (url: string): Pick<TestApp, 'request' | 'add' | 'finished' | 'list'> => {
  const request: TestApp['request'] = async (method, path, body, { key = API_KEY, headers } = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(!(body instanceof FormData) && { 'content-type': 'application/json' }),
        ...(key !== null && { authorization: `Bearer ${key}` }),
        ...headers,
      },
      ...(body !== undefined && { body: isRaw(body) ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = /^application\/(\w+\+)?json/.test(response.headers.get('content-type') ?? '')
    const answer = { status: response.status, headers: response.headers, text }
    // safety: the test names the shape it expects, and fails when it is another
    return { ...answer, body: (isJson ? JSON.parse(text) : undefined) as never }
  }

  const succeed = async <Body>(...call: Parameters<TestApp['request']>): Promise<Body> => {
    const { status, text, body } = await request<Body>(...call)
    if (status !== 200) throw new Error(`${call[0]} ${call[1]} was answered ${status}: ${text}`)
    return body
  }

  return {
    request,
    add: async (input, members, options) => {
      const content = typeof input === 'string' ? [input] : input
      const body = { input: Array.isArray(content) ? { string: { content } } : content }
      const path = '/v1/memories'
      return (await succeed<RunBody>('POST', path, { ...body, user_id: 'mara', ...members }, options)).run_id
    },
    finished: async (runId, options) => {
      for (let waitedMs = 0; waitedMs < WAIT_MS_MAX; waitedMs += POLL_MS) {
        const run = await succeed<RunBody>('GET', `/v1/runs/${runId}`, undefined, options)
        if (run.completed_at !== null) return run
        await sleep(POLL_MS)
      }
      throw new Error(`run ${runId} did not end`)
    },
    list: async (members, options) => {
      const body = { user_id: 'mara', limit: 100, ...members }
      const page = await succeed<{ memories: MemoryBody[] }>('POST', '/v1/memories/list', body, options)
      return page.memories
    },
  }
}

const isRaw = (body: unknown): body is string | Uint8Array<ArrayBuffer> | FormData =>
  typeof body === 'string' || body instanceof Uint8Array || body instanceof FormData
