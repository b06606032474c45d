/**
 * A client that does what the Python library of Synap, version 0.4.4, does on the wire: the same headers, members that are null, forms,
 * and the same reading of answers. It throws where the library throws, by the same names.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import {
  type Body,
  instant,
  integer,
  list,
  member,
  optionalInstant,
  optionalText,
  readAnswer,
  SynapError,
  text,
  uuid,
} from './read-answer.ts'

export type DocumentOptions = {
  readonly document: unknown
  readonly user_id?: string | null
  readonly customer_id?: string | null
  readonly document_type?: string
  readonly document_id?: string | null
  readonly document_created_at?: string | null
  readonly mode?: string
  readonly metadata?: object
}

export type Created = {
  readonly ingestion_id: string
  readonly document_id: string
  readonly status: string
  readonly queued_at: Date
  readonly error_message: string | null
}

export type Ingestion = Created & {
  readonly started_at: Date | null
  readonly completed_at: Date | null
  readonly memories_created: number
  readonly memory_ids: readonly string[]
}

export type ClientMemory = {
  readonly memory_id: string
  readonly memory_type: string
  readonly content: string
  readonly confidence: number
  readonly category: string | null
  readonly subcategory: string | null
  readonly created_at: Date
  readonly updated_at: Date | null
  readonly source_document_id: string | null
}

const documentTypes = [
  ...['ai-chat-conversation', 'document', 'email', 'pdf', 'image', 'audio', 'meeting-transcript'],
]
const jobStates = ['queued', 'processing', 'completed', 'failed', 'partial_success']

/** What a call puts on the wire. */
type Call = {
  readonly method: string
  readonly path: string
  readonly json?: unknown
  readonly body?: string | FormData
  readonly contentType?: string
}

export const createSynapClient = ({ url, apiKey }: { readonly url: string; readonly apiKey: string }) => {
  let [clientId, instanceId] = ['', '']

  const send = async ({ method, path, json, body, contentType = 'application/json' }: Call) => {
    const correlation = `syn_${instanceId.slice(0, 6)}_${Date.now()}_${randomBytes(3).toString('hex')}`
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...{ authorization: `Bearer ${apiKey}`, accept: '*/*', 'user-agent': 'python-httpx/0.28.1' },
        ...{ 'x-correlation-id': correlation, 'x-client-id': clientId, 'x-instance-id': instanceId },
        // A form in parts names its boundary; everything else says JSON, a GET without a body too.
        ...(!(body instanceof FormData) && { 'content-type': contentType }),
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
      ...(body !== undefined && { body }),
    })
    return readAnswer(response)
  }

  const client = {
    send,
    /** What `initialize()` asks; it goes on when that fails. */
    initialize: async () => {
      const identity = await send({ method: 'GET', path: '/api/v1/auth/whoami' })
      clientId = text(identity, 'client_id')
      instanceId = text(identity, 'instance_id')
      if (!/^inst_[0-9a-f]{16}$/.test(instanceId))
        throw new SynapError('InvalidInstanceIdError', `${instanceId} is no instance id`)
      return { clientId, instanceId }
    },
    create: async (options: DocumentOptions): Promise<Created> =>
      readCreated(await send({ method: 'POST', path: '/api/v1/memories/create', json: createBody(options) })),
    batchCreate: async (documents: readonly DocumentOptions[], failFast = false) => {
      const answer = await send({
        ...{ method: 'POST', path: '/api/v1/memories/batch' },
        json: { documents: documents.map(createBody), fail_fast: failFast },
      })
      return {
        batch_id: uuid(answer, 'batch_id'),
        total: integer(answer, 'total'),
        succeeded: integer(answer, 'succeeded'),
        failed: integer(answer, 'failed'),
        results: list(answer, 'results').map(readCreated),
      }
    },
    createFromFile: async ({
      user_id,
      customer_id,
      relationship_type = 'b2c',
      mode = 'long-range',
      file,
      filename = 'upload',
      contentType = 'application/octet-stream',
      text: given,
      document_type,
      metadata,
    }: {
      readonly user_id: string
      readonly customer_id: string
      readonly relationship_type?: string
      readonly mode?: string
      readonly file?: string | Uint8Array<ArrayBuffer>
      readonly filename?: string
      readonly contentType?: string
      readonly text?: string
      readonly document_type?: string
      readonly metadata?: object
    }): Promise<Created> => {
      const fields = {
        ...{ user_id, customer_id, relationship_type, mode },
        ...(document_type !== undefined && { document_type }),
        ...(metadata !== undefined && { metadata: JSON.stringify(metadata) }),
      }
      const call = { method: 'POST', path: '/api/v1/memories/upload' }
      if (file !== undefined) {
        const form = new FormData()
        for (const [name, value] of Object.entries(fields)) form.append(name, value)
        form.append('file', new Blob([file], { type: contentType }), filename)
        return readCreated(await send({ ...call, body: form }))
      }
      if (given === undefined) throw new SynapError('ValueError', 'one of file_path, file or text is needed')
      const body = new URLSearchParams({ ...fields, text: given }).toString()
      return readCreated(await send({ ...call, body, contentType: 'application/x-www-form-urlencoded' }))
    },
    status: async (ingestionId: string): Promise<Ingestion> => {
      const answer = await send({ method: 'GET', path: `/api/v1/memories/status/${ingestionId}` })
      return {
        ...readCreated(answer),
        started_at: optionalInstant(answer, 'started_at'),
        completed_at: optionalInstant(answer, 'completed_at'),
        memories_created: 'memories_created' in answer ? integer(answer, 'memories_created') : 0,
        memory_ids: 'memory_ids' in answer ? list(answer, 'memory_ids').map(String) : [],
      }
    },
    waitForCompletion: async (ingestionId: string, timeoutSeconds = 30): Promise<Ingestion> => {
      for (const startedAt = Date.now(); Date.now() - startedAt < timeoutSeconds * 1_000; ) {
        const ingestion = await client.status(ingestionId)
        if (['completed', 'failed', 'partial_success'].includes(ingestion.status)) return ingestion
        // The library waits two seconds; the answers are the same.
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      throw new SynapError('TimeoutError', `${ingestionId} has not ended`)
    },
    get: async (memoryId: string): Promise<ClientMemory> =>
      readMemory(await send({ method: 'GET', path: `/api/v1/memories/${memoryId}` })),
    update: async (
      memoryId: string,
      document: string,
      options: { merge_strategy?: string; document_type?: string; metadata?: object } = {},
    ): Promise<ClientMemory> => {
      const { merge_strategy = 'smart-merge', ...others } = options
      if (!['replace', 'append', 'smart-merge'].includes(merge_strategy))
        throw new SynapError('ValueError', `${merge_strategy} is no strategy`)
      const json = { document, merge_strategy, ...others }
      return readMemory(await send({ method: 'PATCH', path: `/api/v1/memories/${memoryId}`, json }))
    },
    delete: async (memoryId: string): Promise<{ memory_id: string; deleted_at: Date }> => {
      const answer = await send({ method: 'DELETE', path: `/api/v1/memories/${memoryId}` })
      return { memory_id: text(answer, 'memory_id'), deleted_at: instant(answer, 'deleted_at') }
    },
  }
  return client
}

export type SynapClient = ReturnType<typeof createSynapClient>

/** All eight members, those that were not given as null. */
const createBody = (options: DocumentOptions) => {
  const { document_type = 'ai-chat-conversation', mode = 'long-range' } = options
  if (!documentTypes.includes(document_type))
    throw new SynapError('ValueError', `${document_type} is no document type`)
  if (mode !== 'fast' && mode !== 'long-range') throw new SynapError('ValueError', `${mode} is no mode`)
  return {
    ...{ document: options.document, document_type, document_id: options.document_id ?? null },
    ...{ document_created_at: options.document_created_at ?? null, user_id: options.user_id ?? null },
    ...{ customer_id: options.customer_id ?? null, mode, metadata: options.metadata ?? {} },
  }
}

const readCreated = (body: Body): Created => {
  const status = text(body, 'status')
  if (!jobStates.includes(status)) throw new SynapError('ValidationError', `${status} is no state`)
  return {
    ingestion_id: uuid(body, 'ingestion_id'),
    document_id: text(body, 'document_id'),
    ...{ status, queued_at: instant(body, 'queued_at'), error_message: optionalText(body, 'error_message') },
  }
}

const readMemory = (body: Body): ClientMemory => {
  const confidence = member(body, 'confidence')
  if (typeof confidence !== 'number') throw new SynapError('ValidationError', 'confidence is no number')
  return {
    memory_id: text(body, 'memory_id'),
    memory_type: text(body, 'memory_type'),
    content: text(body, 'content'),
    ...{ confidence, created_at: instant(body, 'created_at') },
    category: optionalText(body, 'category'),
    subcategory: optionalText(body, 'subcategory'),
    updated_at: optionalInstant(body, 'updated_at'),
    source_document_id: optionalText(body, 'source_document_id'),
  }
}

/** An id that nothing has. */
export const unknownId = (): string => randomUUID()
