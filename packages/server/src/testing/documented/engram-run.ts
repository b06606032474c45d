/** What both generations of Engram's pages have: the members of a run, what it committed, and the form of an error. */
import { expect } from 'vitest'
import { type DocumentedError, type DocumentedObject, field, inOrder, type Json } from './document.ts'

const table = 'GET /v1/runs/{run_id}, members of a run'

export const acknowledgement: DocumentedObject = {
  place: 'POST /v1/memories, response',
  fields: {
    run_id: field('uuid', 'POST /v1/memories, response'),
    status: field('text', 'POST /v1/memories, response: running in every example'),
  },
  rules: { 'running, whatever has become of it by now': ({ status }) => status === 'running' },
  isClosed: true,
}

export const run = (inBuffer: string): DocumentedObject => ({
  place: 'GET /v1/runs/{run_id}, response',
  statuses: {
    running: 'table of statuses: being processed',
    in_buffer: `table of statuses: ${inBuffer}`,
    completed: 'table of statuses: everything committed',
    failed: 'table of statuses: error has text',
  },
  fields: {
    run_id: field('uuid', table),
    status: field('text', table),
    group_id: field('uuid', `${table}: an id, not a name`),
    starting_step: field('count', `${table}: where it enters the pipeline`),
    input_type: field('text', table),
    user_id: field('text', `${table}: optional, the name given by the caller`, {
      set: 'sometimes',
      unset: 'absent',
    }),
    error: field('text', `${table}: when failed`, { set: { only: ['failed'] } }),
    committed_operations: field('object', `${table}: optional`, { set: 'sometimes' }),
    created_at: field('instant', table),
    updated_at: field('instant', table),
  },
  rules: {
    'times are in order': ({ created_at, updated_at }) => inOrder(created_at, updated_at),
    'only what failed has no operations': ({ status, committed_operations }) =>
      status === 'failed' || committed_operations !== null,
  },
  cases: {
    'a conversation enters at 0': entersAt('conversation', 0),
    'a string enters at 1': entersAt('string', 1),
    'pre_extracted enters at 2': entersAt('pre_extracted', 2),
    'failed, with a stage and a reason': ({ status, error }) =>
      status === 'failed' && /^extraction failed: \S/.test(String(error)),
  },
})

const entersAt =
  (inputType: string, step: number) =>
  ({ input_type, starting_step }: Json): boolean =>
    input_type === inputType && starting_step === step

/** The reason, which no page of Engram has but this server adds. */
export const waitsFor = ({ waiting }: Json): string => {
  const { reason } = Object(waiting)
  return String(reason)
}

const list = 'members of committed_operations: a list, never null'

export const operations = {
  'committed operations': {
    place: 'GET /v1/runs/{run_id}, committed_operations',
    fields: {
      created: field('objects', list),
      updated: field('objects', list),
      deleted: field('objects', `${list}; of what was superseded too`),
    },
    cases: {
      'some created': ({ created }) => Array.isArray(created) && created.length > 0,
      'some updated': ({ updated }) => Array.isArray(updated) && updated.length > 0,
      'some deleted': ({ deleted }) => Array.isArray(deleted) && deleted.length > 0,
      'none at all': (body) => Object.values(body).flat().length === 0,
    },
    isClosed: true,
  },
  operation: {
    place: 'GET /v1/runs/{run_id}, committed_operations, each',
    fields: {
      memory_id: field('uuid', 'an operation'),
      committed_at: field('instant', 'an operation'),
    },
    isClosed: true,
  },
} satisfies Readonly<Record<string, DocumentedObject>>

/** A problem document; `code` is added by this server. */
export const problem = (
  place: string,
  status: number,
  code: string,
  {
    detail = expect.stringMatching(/\w/),
    ...added
  }: { readonly detail?: unknown; readonly errors?: unknown } = {},
): DocumentedError => ({
  ...{ place, status, contentType: 'application/problem+json' },
  body: { type: 'about:blank', title: expect.stringMatching(/\w/), status, detail, code, ...added },
})

export const errors = {
  errors: expect.arrayContaining([expect.objectContaining({ location: expect.any(String) })]),
}
