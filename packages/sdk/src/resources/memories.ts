import { type AcceptOptions, accept } from '../accept.ts'
import { toForm } from '../form.ts'
import type { PageRequest } from '../pages.ts'
import { paginate } from '../pages.ts'
import { path, queryString } from '../path.ts'
import { type RequestOptions, send, type Transport } from '../transport.ts'
import type {
  AcceptedRun,
  AddInput,
  Memory,
  Properties,
  RetrievalType,
  Run,
  SearchResult,
  TopicFilter,
} from '../types.ts'
import { MemoryVersions } from './memory-versions.ts'

export type MemoryOptions = RequestOptions & {
  /** Needed for memories of user-scoped topics. */
  readonly userId?: string | undefined
  /** Default: `default`. */
  readonly group?: string | undefined
}

export type AddOptions = MemoryOptions &
  AcceptOptions & {
    /** A value for every key that a topic of the group is scoped by. */
    readonly properties?: Properties | undefined
  } & SteeringOptions

export type AddFileOptions = AddOptions & {
  /** As the file is called. Default: the name of a `File`. */
  readonly filename?: string | undefined
  /** As the file is declared, with its charset if it has one. Default: the type of the Blob. */
  readonly mediaType?: string | undefined
  /** What you call it: a format, or what kind of text it is. */
  readonly documentType?: string | undefined
  /** When it was written; else when the file says. */
  readonly createdAt?: string | Date | undefined
}

/** How the run is to be worked off. Times are in seconds. */
export type SteeringOptions = {
  /** At most 16 words to find the run by. */
  readonly tags?: readonly string[] | undefined
  /** Kept with the run and shown with it. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  /** 0 to 100; of the waiting runs of a project the highest goes first. Default: 0. */
  readonly priority?: number | undefined
  /** The run does not start before. */
  readonly delay?: number | undefined
  /** The run is cancelled unless it has started by then. */
  readonly ttl?: number | undefined
  /** The run fails unless it has ended so long after its start. */
  readonly timeout?: number | undefined
  /** Shows what it would commit, and commits nothing until it is asked to. */
  readonly dryRun?: boolean | undefined
  /** While the same user of the same group has open runs: wait, be refused with 409, or cancel those that wait. Default: `enqueue`. */
  readonly onConflict?: 'enqueue' | 'reject' | 'supersede' | undefined
}

type FilterOptions = MemoryOptions & {
  /** Default: all topics of the group. */
  readonly topics?: readonly TopicFilter[] | undefined
  readonly properties?: Properties | undefined
  /** At most 100. */
  readonly limit?: number | undefined
}

/** What was there then, as it was then; what is there now when absent. */
type AsOf = { readonly asOf?: string | Date | undefined }

export type GetMemoryOptions = MemoryOptions & AsOf

export type ListMemoriesOptions = FilterOptions &
  AsOf & {
    /** Where an earlier list stopped. */
    readonly cursor?: string | undefined
  }

export type SearchOptions = FilterOptions &
  AsOf & {
    /** Default: `hybrid`. */
    readonly retrieval?: RetrievalType | undefined
  }

export type DeleteManyOptions = Omit<FilterOptions, 'limit'> & {
  /** Leave no history and no inputs; needs a key with the scope `admin`, and cannot be taken back. */
  readonly erase?: boolean | undefined
}

/** A file takes its time to arrive. */
const fileTimeoutMs = 2 * 60_000

export class MemoriesResource extends MemoryVersions {
  readonly #transport: Transport

  constructor(transport: Transport) {
    super(transport)
    this.#transport = transport
  }

  /**
   * Hands something in to be remembered. Resolves when the run is stored durably; its work is still to come. The call
   * carries one idempotency key through all its repetitions, so it makes one run.
   *
   * @example
   * await client.memories.add('Mara keeps bees.', { userId: 'mara' })
   * await client.memories.add(
   *   [
   *     { role: 'user', name: 'Mara', content: 'I moved to Graz last week.' },
   *     { role: 'assistant', content: 'How do you like it?' },
   *   ],
   *   { userId: 'mara', idempotencyKey: 'chat-77-turn-3' },
   * )
   * await client.memories.add({ preExtracted: { items: [{ content: 'Keeps bees', topic: 'UserKnowledge' }] } })
   */
  async add(input: AddInput, options: AddOptions = {}): Promise<AcceptedRun> {
    const { userId, group, properties } = options
    const body = { input: envelope(input), userId, group, properties, ...steering(options) }
    return accept(this.#transport, { path: '/v1/memories', body }, options)
  }

  /**
   * Hands a file in, of any format that the server reads. It is sent as it is, and may be larger than what `add` can send. Rejects with
   * `RemanenceError` when it cannot be read.
   *
   * @example
   * await client.memories.addFile(await openAsBlob('minutes.pdf'), { filename: 'minutes.pdf', userId: 'mara' })
   */
  async addFile(file: Blob, options: AddFileOptions = {}): Promise<AcceptedRun> {
    const { userId, group, properties, filename, documentType, createdAt } = options
    const { mediaType = file.type || undefined } = options
    const form = await toForm(file, {
      ...{ userId, group, properties, filename, mediaType, documentType, createdAt },
      ...steering(options),
    })
    return accept(this.#transport, { path: '/v1/memories', form }, { timeoutMs: fileTimeoutMs, ...options })
  }

  /**
   * Finds the memories that fit the query best.
   *
   * @example
   * const { memories } = await client.memories.search('where does she live?', { userId: 'mara', limit: 3 })
   */
  async search(query: string, options: SearchOptions = {}): Promise<SearchResult> {
    const { userId, group, topics, properties, retrieval = 'hybrid', limit, asOf } = options
    const retrievalConfig = { retrievalType: retrieval, limit }
    const { body } = await send(this.#transport, {
      method: 'POST',
      path: '/v1/memories/search',
      body: { query, userId, group, topics, properties, retrievalConfig, asOf },
      repeatable: true,
      options,
    })
    return body as SearchResult // safety: the shape is the server's contract
  }

  /**
   * All memories, newest first.
   *
   * @example
   * for await (const memory of client.memories.list({ userId: 'mara' })) console.log(memory.content)
   */
  list(options: ListMemoriesOptions = {}): PageRequest<Memory> {
    const { userId, group, topics, properties, limit, asOf } = options
    return paginate(async (cursor: string | undefined) => {
      const { body } = await send(this.#transport, {
        method: 'POST',
        path: '/v1/memories/list',
        body: { userId, group, topics, properties, limit, asOf, cursor },
        repeatable: true,
        options,
      })
      // safety: the shape is the server's contract
      const page = body as { memories: readonly Memory[]; nextCursor: string | null }
      return { items: page.memories, next: page.nextCursor }
    }, options.cursor)
  }

  /** Rejects with `NotFoundError` when there is no such memory of this user in this group. */
  async get(memoryId: string, options: GetMemoryOptions = {}): Promise<Memory> {
    const { userId, group, asOf } = options
    const as_of = asOf instanceof Date ? asOf.toISOString() : asOf
    const { body } = await send(this.#transport, {
      method: 'GET',
      path: path`/v1/memories/${memoryId}` + queryString({ user_id: userId, group, as_of }),
      repeatable: true,
      options,
    })
    return body as Memory // safety: the shape is the server's contract
  }

  /** What it was stays in its history. Rejects with `NotFoundError` when there is no such memory (any more). */
  async delete(memoryId: string, options: MemoryOptions = {}): Promise<void> {
    await send(this.#transport, {
      method: 'DELETE',
      path: path`/v1/memories/${memoryId}` + scopeQuery(options),
      repeatable: true,
      options,
    })
  }

  /**
   * Deletes the memories that the filter admits, as a run. Without `topics` only memories of the user are meant.
   *
   * @example
   * const { runId } = await client.memories.deleteMany({ userId: 'mara', topics: ['UserKnowledge'] })
   * const { counts } = await client.runs.wait(runId)
   */
  async deleteMany(options: DeleteManyOptions): Promise<Run> {
    const { userId, group, topics, properties, erase } = options
    const { body } = await send(this.#transport, {
      method: 'POST',
      path: '/v1/memories/delete',
      body: { userId, group, topics, properties, erase },
      repeatable: false, // what was added meanwhile is not meant
      options,
    })
    return body as Run // safety: the shape is the server's contract
  }
}

const scopeQuery = ({ userId, group }: MemoryOptions): string => queryString({ user_id: userId, group })

/** The wire's form of the input: exactly one of string, pre_extracted, conversation and document. */
const envelope = (input: AddInput): unknown => {
  if (typeof input === 'string') return { string: { content: [input] } }
  if (!Array.isArray(input)) return input
  const isTexts = input.every((item) => typeof item === 'string')
  return isTexts ? { string: { content: input } } : { conversation: { messages: input } }
}

const steering = ({
  tags,
  metadata,
  priority,
  delay,
  ttl,
  timeout,
  dryRun,
  onConflict,
}: SteeringOptions): SteeringOptions => ({
  ...{ tags, metadata, priority, delay, ttl, timeout, dryRun, onConflict },
})
