/** The pages of Engram as they were before the sixth of March 2026: a run in the buffer is queued. */
import type { PublishedDocument } from './document.ts'
import { acknowledgement, errors, operations, problem, run, waitsFor } from './engram-run.ts'

const page = 'wires/engram.md'
const queued = run('queued, waiting to start')

export const engramEarlier: PublishedDocument = {
  name: 'Engram, earlier',
  objects: {
    acknowledgement,
    run: {
      ...queued,
      cases: {
        ...queued.cases,
        'in_buffer: queued, waiting to start': (body) =>
          body.status === 'in_buffer' && waitsFor(body) === 'queue',
      },
    },
    ...operations,
  },
  errors: {
    'no key': problem('authentication', 401, 'unauthorized'),
    'unknown run': problem('GET /v1/runs/{run_id}', 404, 'not_found'),
    'unknown group': problem('POST /v1/memories', 422, 'unknown_group', {
      detail: 'group "nowhere" not found',
    }),
  },
  promises: {
    'conversation_id at the top of an add is taken': 'POST /v1/memories: conversation_id',
  },
  choices: {
    'the body of an add before input': {
      place: 'POST /v1/memories: content with a type',
      ...{ documented: 'content: {type, content}', here: '422' },
      ...{
        page,
        says: '| what is added | `content` with a `type` | `input` | `input`; the earlier form is 422',
      },
      answer: problem('', 422, 'invalid_body', errors),
    },
    'GET /v1/runs/count': {
      place: 'GET /v1/runs/count, retired',
      ...{ documented: '{count, hours}', here: 'GET /v1/runs/stats' },
      ...{ page, says: '`GET /v1/runs/count`, which the original withdrew in spring 2026, are not served' },
      answer: problem('', 422, 'invalid_body', errors),
    },
    'status and message of an error': {
      place: 'description of the OpenAPI document, and the api reference of old',
      ...{ documented: '{status, message}', here: 'a problem document' },
      ...{
        page,
        says: '| the body of an error | `status`, `message` | a problem document | a problem document: the library reads `detail` alone |',
      },
      answer: null,
    },
    'in_buffer, in two meanings': {
      place: 'table of statuses',
      ...{ documented: 'queued', here: 'queued or in a buffer, and waiting.reason says which' },
      ...{
        page,
        says: '| `in_buffer` | queued, waiting to start | paused at a buffer, waiting for a trigger | both; `waiting.reason` says which |',
      },
      answer: null,
    },
  },
}
