/** The pages and the code of Go Memory on adding memories and on the status of such a job. */
import { expect } from 'vitest'
import { type DocumentedError, field, type PublishedDocument } from './document.ts'

const page = 'wires/gomemory.md'
const DUPLICATE = 'Memory Insertion Job is already queued or processed successfully!'
const QUEUED = 'Memory Insertion Job has been queued for insertion!'
const UNKNOWN = 'We are experiencing some techincal issues right now. Please try again after some time!'

/** One JSON value with one key, and its text is literal. */
const error = (place: string, status: number, text: string): DocumentedError => ({
  ...{ place, status, contentType: 'application/json' },
  body: { Error: text },
})

export const gomemory: PublishedDocument = {
  name: 'Go Memory',
  objects: {
    'added job': {
      place: 'POST /add_memory, response',
      fields: {
        ReqId: field('uuid', 'POST /add_memory: of version 5, from contents and user'),
        Msg: field('text', 'POST /add_memory'),
      },
      rules: { 'one of two sentences': ({ Msg }) => Msg === QUEUED || Msg === DUPLICATE },
      cases: {
        queued: ({ Msg }) => Msg === QUEUED,
        'already pending, processing or successful': ({ Msg }) => Msg === DUPLICATE,
        // uuid5(OID, "I keep bees." + "I sing." + "u")
        'the derived id': ({ ReqId }) => ReqId === 'db72cd61-43b1-5ce3-9e0d-562523032b93',
      },
      isClosed: true,
    },
    'status of a job': {
      place: 'GET /get_status/{reqid}, response',
      statuses: {
        pending: 'life of a job: submitted',
        processing: 'life of a job: a worker has picked it up',
        success: 'life of a job: ended well, also when nothing was worth keeping',
        failure: 'life of a job: ended with an error',
      },
      fields: {
        status: field('text', 'GET /get_status: one of four, in lower case'),
        error: field('text', 'GET /get_status: left out when empty', {
          ...{ set: { only: ['failure'] }, unset: 'absent' },
        }),
        createdAt: field('instant', 'GET /get_status, example in ISO 8601'),
      },
      rules: {
        'keys in the order of the encoder': (body) =>
          Object.keys(body)
            .join()
            .match(/^status,(error,)?createdAt$/) !== null,
      },
      isClosed: true,
    },
  },
  errors: {
    'undecodable JSON': error('POST /add_memory, table of answers', 400, 'Request format is wrong'),
    'no messages': error('POST /add_memory, table of answers', 400, 'No messages provided'),
    'not queued': error('POST /add_memory, table of answers', 500, 'Failed to queue memory insertion.'),
    'store down at an add': error(
      'POST /add_memory, table of answers',
      500,
      'Failed to queue memory insertion.',
    ),
    'empty id': error('GET /get_status, errors', 400, 'Bad Request'),
    'unknown id': error('GET /get_status, errors', 500, UNKNOWN),
    'expired id': error('GET /get_status, errors: after 24 hours', 500, UNKNOWN),
    'id of a user': error('GET /get_status, errors', 500, UNKNOWN),
    'store down': error('GET /get_status, errors', 500, UNKNOWN),
  },
  promises: {
    'the same request has the same id': 'POST /add_memory: derived from contents and user',
    'roles and borders of messages make no difference to the id':
      'POST /add_memory: derived from contents and user',
    'nothing worth remembering is a success': 'life of a job',
    'a failed job that comes again is pending, with a new createdAt and no error':
      'life of a job: idempotency',
    'after 24 hours the same content is a new job': 'life of a job: idempotency',
    'an unregistered user may add': 'POST /add_memory: the user is not looked at',
  },
  choices: {
    'no user': {
      place: 'POST /add_memory: the code takes any, the pages say 500',
      ...{ documented: '200 or 500', here: '400' },
      ...{ page, says: '| no `userId` in an add | 500 | 200 | 400:' },
      answer: { status: 400, body: { Error: 'No userId provided' } },
    },
    'no key': {
      place: 'the original has no authentication',
      ...{ documented: 'anybody is served', here: '401' },
      ...{ page, says: 'The original has no keys; this server has.' },
      answer: { status: 401, body: { Error: expect.stringMatching(/key|Authorization/i) } },
    },
    'an unknown job in a sentence': {
      place: 'a sentence on the page of get_status',
      ...{ documented: '404', here: '500, as the code and the table of errors have it' },
      ...{ page, says: '| an unknown or expired job | 404 in a sentence | 500 | 500 with its text' },
      answer: { status: 500, body: { Error: UNKNOWN } },
    },
    'createdAt in Go': {
      place: 'GET /get_status, as the code encodes it',
      ...{ documented: 'the default text of a time in Go', here: 'RFC 3339' },
      ...{ page, says: "| `createdAt` | RFC 3339 | a text of Go's | RFC 3339: clients parse it |" },
      answer: null,
    },
    request_id: {
      place: 'a field of a status on one page, which the code does not send',
      ...{ documented: 'request_id', here: 'as the code: not sent' },
      ...{
        page,
        says: '| members of a status | `request_id` beside the others | `status`, `error`, `createdAt` |',
      },
      answer: null,
    },
    'reqId and msg': {
      place: 'README, answer of an add',
      ...{ documented: 'reqId, msg', here: 'as the code: ReqId, Msg' },
      ...{ page, says: "| members of an add's answer | `reqId`, `msg` | `ReqId`, `Msg` | as the code" },
      answer: null,
    },
    'Message and Status of an error': {
      place: 'page of get_all',
      ...{ documented: 'Message, Status', here: 'as the code: Error' },
      ...{ page, says: '| the body of an error | `Message`, `Status` | `Error` | as the code' },
      answer: null,
    },
    'raw errors': {
      place: 'life of a job: the error is the internal one',
      ...{ documented: 'the text of whatever failed', here: 'the stage and a sentence' },
      ...{ page, says: 'neither contents nor internals are told' },
      answer: null,
    },
  },
}
