/**
 * A client that speaks as version 0.4.4 of Synap's Python library does about conversations and context: the same members, nulls
 * included, the same headers, nothing but 200 a success, and answers read by the same rules, which fail as a whole on one value they do not like.
 */
import { randomBytes } from 'node:crypto'
import type { TestApp } from '../../../testing/test-app.ts'

type Json = Readonly<Record<string, unknown>>

/** What the library makes of an error: the name of its exception, by the status. */
export class SynapFailure extends Error {
  override readonly name: string
  readonly status: number
  readonly detail: unknown

  constructor(status: number, body: unknown) {
    const detail = (body as { detail?: unknown } | undefined)?.detail
    super(typeof detail === 'string' ? detail : JSON.stringify(detail))
    this.status = status
    this.detail = detail
    this.name = exceptionOf(status, detail)
  }
}

const exceptionOf = (status: number, detail: unknown): string => {
  const code = (detail as { code?: unknown } | undefined)?.code
  if (status === 409) return code === 'transcript_conflict' ? 'TranscriptConflictError' : 'ConflictError'
  if (status >= 500) return 'ServiceUnavailableError'
  return exceptions[status] ?? 'SynapTransientError'
}

const exceptions: Readonly<Record<number, string>> = {
  400: 'InvalidInputError',
  401: 'AuthenticationError',
  402: 'InsufficientCreditsError',
  404: 'ContextNotFoundError',
  422: 'InvalidInputError',
  429: 'RateLimitError',
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const must = (isRight: boolean, what: string): void => {
  if (!isRight) throw new Error(`ValidationError: ${what}`)
}
const isInstant = (value: unknown): boolean => typeof value === 'string' && !Number.isNaN(Date.parse(value))

/** Words of certainty, numbers and numeric text; what else comes counts as 0. */
const certainty = (value: unknown): number => {
  const words: Json = { explicit: 1, inferred: 0.75, assumed: 0.5 }
  const number = Number(words[String(value)] ?? value)
  const read = Number.isNaN(number) ? 0 : number
  must(read >= 0 && read <= 1, `${String(value)} is no confidence`)
  return read
}

export type ReadItem = {
  readonly id: string
  readonly content: string
  readonly confidence: number
  readonly event_date: string | null
  readonly wire: Json
}

/** By which member the library reads what it calls content and confidence. */
const memberOf: Readonly<Record<string, readonly [content: string, confidence: string]>> = {
  facts: ['content', 'confidence'],
  preferences: ['content', 'strength'],
  episodes: ['summary', 'significance'],
  emotions: ['context', 'intensity'],
  temporal_events: ['content', 'confidence'],
}

const readItems = (kind: string, items: readonly Json[]): ReadItem[] =>
  items.flatMap((wire) => {
    const [content = '', confidence = ''] = memberOf[kind] ?? []
    // An event without its date is dropped in silence.
    if (kind === 'temporal_events' && !wire.event_date) return []
    for (const member of ['extracted_at', 'occurred_at', 'detected_at', 'event_date'])
      must(wire[member] == null || isInstant(wire[member]), `${member} is no instant`)
    must(typeof wire.id === 'string' && typeof wire[content] === 'string', `${kind} without ${content}`)
    must(typeof wire.metadata === 'object' && wire.metadata !== null, 'metadata is no object')
    certainty(wire.temporal_confidence)
    const event_date = (wire.event_date as string | null | undefined) ?? null
    return [
      {
        ...{ id: String(wire.id), content: String(wire[content]), event_date, wire },
        confidence: certainty(wire[confidence]),
      },
    ]
  })

export type FetchedContext = {
  readonly items: Readonly<Record<string, readonly ReadItem[]>>
  readonly contents: readonly string[]
  readonly conversation: Json | null
  readonly profile: Json | null
  readonly conversations: readonly Json[]
  readonly raw: Json
}

export const createSynapClient = (app: TestApp, key: string = app.key) => {
  const call = async <Body = Json>(method: string, path: string, body?: unknown): Promise<Body> => {
    const answer = await app.request<Body>(method, path, body, {
      key,
      headers: {
        'x-correlation-id': `syn__${Date.now()}_${randomBytes(3).toString('hex')}`,
        ...{ 'x-client-id': '', 'x-instance-id': '' },
      },
    })
    if (answer.status === 200) return answer.body
    throw new SynapFailure(answer.status, answer.body)
  }

  const fetchContext = async (
    scope: 'conversation' | 'user' | 'customer' | 'client',
    body: Json,
  ): Promise<FetchedContext> => {
    const defaults = { search_query: null, max_results: 10, types: ['all'], mode: 'fast' }
    const raw = await call<Json>('POST', `/v1/context/${scope}/fetch`, { ...defaults, ...body })
    const context = raw.context as Readonly<Record<string, readonly Json[]>>
    const items = Object.fromEntries(
      Object.keys(memberOf).map((kind) => [kind, readItems(kind, context[kind] ?? [])]),
    )
    must(Number.isInteger(raw.ttl_seconds), 'ttl_seconds is no integer')
    return {
      ...{ items, raw },
      contents: Object.values(items).flatMap((own) => own.map(({ content }) => content)),
      conversation: (raw.conversation_context as Json | undefined) ?? null,
      profile: (raw.profile as Json | undefined) ?? null,
      conversations: (raw.conversations as readonly Json[] | undefined) ?? [],
    }
  }

  return {
    call,
    recordMessage: async (conversation_id: string, role: string, content: string, ids: Json = {}) => {
      must(uuid.test(conversation_id), 'InvalidConversationIdError')
      const body = {
        conversation_id,
        role,
        content,
        user_id: 'ada',
        customer_id: 'ada',
        metadata: {},
        ...ids,
      }
      const answer = await call('POST', '/v1/conversations/messages', body)
      must(uuid.test(String(answer.message_id)), 'message_id is no UUID')
      must(typeof answer.session_id === 'string' && isInstant(answer.recorded_at), 'session or time')
      return answer
    },
    recordMessages: (messages: readonly Json[]) =>
      call<{ total: number; succeeded: number; failed: number; results: Json[] }>(
        'POST',
        '/v1/conversations/messages/batch',
        { messages },
      ),
    ingestTranscript: async (conversation_id: string, transcript: unknown, members: Json = {}) => {
      const body = { conversation_id, user_id: 'ada', transcript, ...members }
      const answer = await call('POST', '/v1/conversations/ingest', body)
      must(uuid.test(String(answer.conversation_id)), 'conversation_id is no UUID')
      must(uuid.test(String(answer.ingestion_id)), 'ingestion_id is no UUID')
      must(isInstant(answer.queued_at), 'queued_at is no instant')
      return answer
    },
    compact: async (conversation_id: string, members: Json = {}) => {
      const answer = await call('POST', '/v1/conversations/compact', {
        ...{ conversation_id, strategy: null, target_tokens: null, force: false },
        ...members,
      })
      must(typeof answer.previous_context === 'object', 'previous_context is no object')
      return answer
    },
    /** Null when there is none. */
    getCompacted: async (conversation_id: string, query = 'format=structured'): Promise<Json | null> => {
      try {
        const answer = await call('GET', `/v1/conversations/${conversation_id}/compacted?${query}`)
        const strategies = 'low medium high adaptive aggressive balanced conservative'.split(' ')
        must(strategies.includes(String(answer.strategy_used)), 'strategy_used')
        for (const list of ['facts', 'decisions', 'preferences'])
          must(Array.isArray(answer[list]) && answer[list].every((one) => typeof one === 'object'), list)
        return answer
      } catch (error) {
        if (error instanceof SynapFailure && error.status === 404) return null
        throw error
      }
    },
    getCompactionStatus: (conversation_id: string) =>
      call('GET', `/v1/conversations/${conversation_id}/compaction/status`),
    getContextForPrompt: (conversation_id: string, style = 'structured') =>
      call<Json & { recent_messages: Json[] }>(
        'GET',
        `/v1/conversations/${conversation_id}/context-for-prompt?style=${style}`,
      ),
    fetchContext,
    fetchUser: (user_id: string, members: Json = {}) =>
      fetchContext('user', { user_id, customer_id: null, conversation_id: null, ...members }),
    getProfile: (user_id: string, query = '') =>
      call<{ profile: Json }>('GET', `/v1/users/${user_id}/profile${query}`),
  }
}

/** Hands a conversation in, for whom the ids say, and waits until it is remembered. */
export const remember = async (app: TestApp, ids: object, ...contents: readonly string[]) => {
  const { ingestion_id } = await createSynapClient(app).call('POST', '/v1/memories/ingest', {
    messages: contents.map((content) => ({ role: 'user', content })),
    ...ids,
  })
  await app.finished(String(ingestion_id))
}

/** The exception that the library makes of it, with its status; what was answered when it is none. */
export const failure = async (call: Promise<unknown>) => {
  try {
    return await call
  } catch (error) {
    if (error instanceof SynapFailure) return `${error.name} ${error.status}`
    throw error
  }
}
