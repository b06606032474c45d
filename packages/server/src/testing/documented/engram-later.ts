/** The pages of Engram since the sixth of March 2026: a run in the buffer is paused at a step of its pipeline. */
import { expect } from 'vitest'
import type { Json, PublishedDocument } from './document.ts'
import { acknowledgement, errors, operations, problem, run, waitsFor } from './engram-run.ts'

const page = 'wires/engram.md'
const paused = run('paused at a buffer step, waiting for a trigger')
const codes = 'table of status codes'

const waitsInBuffer = (body: Json): boolean => body.status === 'in_buffer' && waitsFor(body) === 'buffer'
const isTriggeredBy = (member: string) => (body: Json) =>
  waitsInBuffer(body) && Number(Object(body.waiting).trigger[member]) > 0

export const engramLater: PublishedDocument = {
  name: 'Engram',
  objects: {
    acknowledgement,
    run: {
      ...paused,
      cases: {
        ...paused.cases,
        'in_buffer: paused at a buffer step': waitsInBuffer,
        'a trigger by count': isTriggeredBy('count'),
        'a trigger by time since the first item': isTriggeredBy('age_seconds'),
        'a trigger by time since the last item': isTriggeredBy('idle_seconds'),
        'a buffer behind a commit: operations are told already': (body) =>
          waitsInBuffer(body) && Object(body.committed_operations).created.length > 0,
      },
    },
    ...operations,
  },
  errors: {
    'user_id missing': problem(`${codes}, 400`, 400, 'missing_user'),
    'property missing': problem(`${codes}, 400`, 400, 'missing_property', errors),
    'unknown property': problem(`${codes}, 400`, 400, 'unknown_property', errors),
    'empty content': problem(`${codes}, 400`, 400, 'empty_content', errors),
    'two input types': problem(`${codes}, 400`, 400, 'invalid_request', errors),
    'unrecognised retrieval_type': problem(`${codes}, 400`, 400, 'invalid_request', errors),
    'header missing': problem('authentication, 401', 401, 'unauthorized'),
    'no Bearer scheme': problem('authentication, 401', 401, 'unauthorized'),
    'scheme in another case': problem('authentication, 401', 401, 'unauthorized'),
    'key in another form': problem('authentication, 401', 401, 'unauthorized'),
    'unknown key': problem('authentication, 401', 401, 'unauthorized'),
    'bad key and bad body': problem('authentication, 401: before the body', 401, 'unauthorized'),
    "another project's run": problem(`${codes}, 403`, 403, 'foreign_resource'),
    'unknown run': problem(`${codes}, 404`, 404, 'not_found'),
    'unknown memory': problem(`${codes}, 404`, 404, 'not_found'),
    'unknown path': {
      ...{ place: `${codes}, 404: plain text`, status: 404, contentType: 'text/plain' },
      body: '404 page not found',
    },
    'path without /v1': {
      ...{ place: `${codes}, 404: plain text`, status: 404 },
      body: '404 page not found',
    },
    'slash at the end': {
      ...{ place: `${codes}, 404: plain text`, status: 404 },
      body: '404 page not found',
    },
    'no run id': problem('GET /v1/runs/{run_id}: a UUID', 422, 'invalid_body', errors),
    'schema of the body': problem(`${codes}, 422`, 422, 'invalid_body', {
      ...errors,
      detail: expect.stringMatching(/^validation failed/),
    }),
    'unknown group': problem(`${codes}, 422`, 422, 'unknown_group', { detail: 'group "nowhere" not found' }),
    'unknown topic': problem(`${codes}, 422`, 422, 'unknown_topic'),
    'topic in another case': problem(`${codes}, 422`, 422, 'unknown_topic'),
    'unknown user on get': problem(`${codes}, 422`, 422, 'unknown_user'),
    'unknown user on delete': problem(`${codes}, 422`, 422, 'unknown_user'),
    'server failure': problem(`${codes}, 500`, 500, 'internal_error'),
  },
  promises: {
    'each way of getting the key wrong has its own detail': 'authentication, 401',
    'a refused add makes no run': 'POST /v1/memories: immediate errors',
    'memories are found once the run has completed': 'commit step',
    'an add of nothing new completes with empty lists': 'status of a run',
  },
  choices: {
    'monthly cap': {
      place: `${codes}, 429: only on an add`,
      ...{ documented: 'the runs of the month are used up', here: 'too many runs wait' },
      ...{ page, says: '| monthly run cap | none; 429 means `queue_full` |' },
      answer: { ...problem('', 429, 'queue_full'), headers: { 'retry-after': /^[1-9]\d*$/ } },
    },
    'error of an acknowledgement': {
      place: 'POST /v1/memories, response: error only if failed',
      ...{ documented: 'an add may be answered as failed', here: 'it is answered as running' },
      ...{ page, says: '| status of an add that is done already | `running` |' },
      answer: null,
    },
    'in_buffer, in two meanings': {
      place: 'table of statuses',
      ...{
        documented: 'paused at a buffer step',
        here: 'queued or in a buffer, and waiting.reason says which',
      },
      ...{
        page,
        says: '| `in_buffer` | queued, waiting to start | paused at a buffer, waiting for a trigger | both; `waiting.reason` says which |',
      },
      answer: null,
    },
    'how a changed fact shows': {
      place: 'committed_operations: deleted covers what was superseded',
      ...{ documented: 'updated, or created and deleted', here: 'updated or created' },
      ...{ page, says: '| how a changed fact shows | `updated` if it extends a memory, else `created` |' },
      answer: null,
    },
    'runs that were merged in a buffer': {
      place: 'buffer step: not said whose the operations are',
      ...{ documented: 'nothing is said', here: 'each tells its own' },
      ...{ page, says: 'each lists the operations that its statements went into' },
      answer: null,
    },
    'some inputs failed': {
      place: 'table of statuses: not said',
      ...{ documented: 'nothing is said', here: 'failed, with what was committed' },
      ...{
        page,
        says: '| some inputs of a run failed | `failed`, with `committed_operations` of the others |',
      },
      answer: null,
    },
    'X-API-Key': {
      place: 'authentication: it is ignored',
      ...{ documented: 'ignored', here: 'as good as Authorization' },
      ...{ page, says: 'another scheme than `Bearer` with a capital B (or [another way](README.md#keys))' },
      answer: null,
    },
    $schema: {
      place: 'responses: a member $schema',
      ...{ documented: 'sent', here: 'not sent' },
      ...{ page, says: '| `$schema` in answers | not sent |' },
      answer: null,
    },
  },
}
