/** The pages and the library of Synap on taking in a document and on `memories.status`. */
import { expect } from 'vitest'
import { type DocumentedError, field, inOrder, type Json, type PublishedDocument } from './document.ts'

const ended = ['completed', 'failed', 'partial_success']
const isSaid = ({ status, started_at }: Json) => status !== 'processing' || started_at !== null
const page = 'wires/synap.md'

/** FastAPI's shape; `code` and `errors` are added by this server. */
type Refusal = [place: string, status: number, code: string, raises: string, added?: object]
const refusal = (...[place, status, code, raises, added]: Refusal): DocumentedError => ({
  ...{ place, status, raises, contentType: 'application/json' },
  body: { detail: expect.stringMatching(/\w/), code, ...added },
})
const errors = { errors: expect.any(Array) }
const malformed = (place: string) => refusal(place, 422, 'invalid_body', 'InvalidInputError', errors)
/** 409 has an object with a code and a message. */
const conflict = (place: string, code: string, raises: string): DocumentedError => ({
  ...{ place, status: 409, raises, contentType: 'application/json' },
  body: { detail: { code, message: expect.stringMatching(/\w/) }, code },
})
const table = 'table of statuses and exceptions'
const retryAfter = { 'retry-after': /^[1-9]\d*$/ }

export const synap: PublishedDocument = {
  name: 'Synap',
  objects: {
    'created ingestion': {
      place: 'memories.create, response; memories.batch_create, results',
      fields: {
        ingestion_id: field('uuid', 'memories.create, table of fields'),
        document_id: field('text', 'memories.create: given, or made by the server'),
        status: field('text', 'memories.create, table of fields'),
        queued_at: field('instant', 'memories.create, table of fields'),
        error_message: field('text', 'memories.create: optional', {
          set: { only: ['failed', 'partial_success'] },
        }),
      },
      statuses: {
        queued: 'accepted into the queue',
        failed: 'batch_create: rejected',
        completed: 'states of a job',
      },
      cases: {
        'a rejected one of a batch has id, time and reason': ({ status, error_message }) =>
          status === 'failed' && error_message !== null,
      },
    },
    ingestion: {
      place: 'memories.status, response',
      statuses: {
        queued: 'states of a job',
        processing: 'states of a job',
        completed: 'states of a job, terminal',
        failed: 'states of a job, terminal',
        partial_success: 'states of a job, terminal: some outcomes succeeded, others failed',
      },
      fields: {
        ingestion_id: field('uuid', 'memories.status, table of fields: required'),
        document_id: field('text', 'memories.status, table of fields: required'),
        status: field('text', 'memories.status, table of fields: required'),
        queued_at: field('instant', 'memories.status, table of fields: required'),
        started_at: field('instant', 'memories.status: optional', {
          set: { within: ['processing', ...ended] },
        }),
        completed_at: field('instant', 'memories.status: optional', { set: { only: ended } }),
        memories_created: field('count', 'memories.status: so far, 0 by default'),
        memory_ids: field('uuids', 'memories.status: a list, empty by default'),
        error_message: field('text', 'memories.status: for failed and partial_success', {
          set: { only: ['failed', 'partial_success'] },
        }),
      },
      rules: {
        'times are in order': ({ queued_at, started_at, completed_at }) =>
          inOrder(queued_at, started_at, completed_at),
        'what is processed says since when': isSaid,
        'the count is that of the ids': ({ memories_created, memory_ids }) =>
          Array.isArray(memory_ids) && memories_created === memory_ids.length,
      },
      cases: {
        'memories are told while others are still made': ({ status, memories_created }) =>
          status === 'processing' && Number(memories_created) > 0,
        'a partial success has memories': ({ status, memories_created }) =>
          status === 'partial_success' && Number(memories_created) > 0,
        'a failure has none': ({ status, memories_created }) => status === 'failed' && memories_created === 0,
      },
    },
  },
  errors: {
    'senseless document': refusal(table, 400, 'empty_content', 'InvalidInputError', errors),
    'unknown type': malformed(table),
    'no key': refusal(table, 401, 'unauthorized', 'AuthenticationError'),
    'bad key': refusal(table, 401, 'unauthorized', 'AuthenticationError'),
    'unknown ingestion': refusal(table, 404, 'not_found', 'ContextNotFoundError'),
    'another document of the same id': conflict(
      `${table}; memories.create: duplicate document_id`,
      ...(['document_conflict', 'ConflictError'] as const),
    ),
    'another transcript': conflict(
      `${table}: detail.code transcript_conflict`,
      ...(['transcript_conflict', 'TranscriptConflictError'] as const),
    ),
    'too much at once': {
      ...refusal(`${table}: Retry-After in whole seconds`, 429, 'queue_full', 'RateLimitError'),
      headers: retryAfter,
    },
    'server failure': refusal(table, 500, 'internal_error', 'ServiceUnavailableError'),
    'server failure at a create': refusal(table, 500, 'internal_error', 'ServiceUnavailableError'),
    unavailable: { ...refusal(table, 503, 'draining', 'ServiceUnavailableError'), headers: retryAfter },
    'a user without a customer': refusal(
      'scopes, b2b: user only',
      400,
      'missing_property',
      'InvalidInputError',
      errors,
    ),
  },
  promises: {
    'a success is 200 and nothing else': 'transport: 201 and 202 are errors to the library',
    'the server makes a document_id when none is given': 'memories.create',
    'the same document_id is told again': 'memories.create and memories.status',
    'memories made so far remain usable': 'partial_success',
    'a cancelled one has failed': 'states of a job: there is no word of its own',
    'a call that is repeated after a lost connection makes nothing twice, with a document_id':
      'retries: network failures are repeated',
  },
  choices: {
    '403': {
      place: `${table}: 403 is an error that may pass`,
      ...{ documented: '403, FORBIDDEN', here: '401, which is none that may pass' },
      ...{ page, says: 'a key that may not do something is 401 instead of 403' },
      answer: refusal('', 401, 'forbidden', 'AuthenticationError'),
    },
    SynapAuthError: {
      place: 'page of memories.status, exceptions',
      ...{ documented: 'an exception that does not exist', here: '401' },
      ...{ page, says: '| `SynapAuthError` | 401 | `AuthenticationError` |' },
      answer: refusal('', 401, 'unauthorized', 'AuthenticationError'),
    },
    SynapNotFoundError: {
      place: 'page of memories.status, exceptions',
      ...{ documented: 'an exception that does not exist', here: '404' },
      ...{ page, says: '| `SynapNotFoundError` | 404 | `ContextNotFoundError` |' },
      answer: refusal('', 404, 'not_found', 'ContextNotFoundError'),
    },
    SynapValidationError: {
      place: 'page of memories.status, exceptions',
      ...{ documented: 'an exception that does not exist', here: '422, or 400' },
      ...{ page, says: '| `SynapValidationError` | 400, 422 | `InvalidInputError` |' },
      answer: malformed(''),
    },
    SynapConflictError: {
      place: 'page of memories.status, exceptions',
      ...{ documented: 'an exception that does not exist', here: '409' },
      ...{ page, says: '| `SynapConflictError` | 409 | `ConflictError` |' },
      answer: conflict('', 'document_conflict', 'ConflictError'),
    },
    'NetworkError, NetworkTimeoutError': {
      place: 'page of memories.status, exceptions; table of statuses: timeout, connection failed',
      ...{ documented: 'no answer came', here: 'what was repeated is found out by its document_id' },
      ...{ page, says: '| `NetworkError` | none came | `NetworkTimeoutError` |' },
      answer: null,
    },
    SDKNotInitializedError: {
      place: 'page of memories.status, exceptions',
      ...{ documented: 'a call before initialize()', here: 'the library asks nothing then' },
      ...{ page, says: '| `SDKNotInitializedError` | nothing was asked | `AuthenticationError` |' },
      answer: null,
    },
    SynapTransientError: {
      place: `${table}: any other status, which may pass`,
      ...{ documented: '201, 202, 3xx, 403, 413, 415', here: 'none of them' },
      ...{ page, says: 'What another try would not mend therefore has one of these' },
      answer: { ...refusal('', 400, 'unsupported_media_type', 'InvalidInputError') },
    },
    '402': {
      place: `${table}: InsufficientCreditsError`,
      ...{ documented: '402 when credits are short', here: 'never' },
      ...{ page, says: 'Nothing is charged here, and no limit is kept by credits.' },
      answer: null,
    },
    'limits of the rate': {
      place: 'rate limits, three tables that contradict each other',
      ...{ documented: '429 for too many requests a minute', here: '429 for a full queue' },
      ...{
        page,
        says: '| rates | three tables that differ | none; what waits is bounded by `queueDepthMax` |',
      },
      answer: null,
    },
    'error, code and details': {
      place: 'page of errors: UNAUTHORIZED, FORBIDDEN, CREDENTIAL_INVALID, INVALID_INPUT, RATE_LIMITED',
      ...{ documented: '{error, code, details}', here: '{detail, code}' },
      ...{
        page,
        says: 'The published shape `{error, code, details}` is not used: the library does not read it.',
      },
      answer: null,
    },
    'the three rules of a document_id': {
      place: 'memories.create, skill files, harness',
      ...{
        documented: 'a conflict, or an update, or the same',
        here: 'a conflict, an update when asked for',
      },
      ...{ page, says: '| a `document_id` that was there before | a conflict; an update |' },
      answer: null,
    },
    'exceptions of listening': {
      place: 'exceptions: ListeningAlreadyActiveError, ListeningNotActiveError',
      ...{ documented: 'of a gRPC stream', here: 'no gRPC' },
      ...{ page, says: 'There is no gRPC; the library does without.' },
      answer: null,
    },
  },
}
