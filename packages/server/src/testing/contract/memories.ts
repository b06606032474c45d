import { type Contracts, item, nothing } from './contract.ts'

const at = '2026-11-01T08:00:00Z'
const names = { user_id: 'mara', group: 'default' }
const goodMessage = {
  role: 'assistant',
  content: 'Hello.',
  id: 'm',
  name: 'Bo',
  created_at: at,
  tool_call_id: 't',
  tool_calls: [
    { id: 't', type: 'function', function: { name: 'f', arguments: '{}' }, custom: { name: 'c', input: '' } },
  ],
}
const selection = {
  ...names,
  topics: ['UserKnowledge', { name: 'UserKnowledge', properties: {} }],
  properties: {},
}

export const memoryContracts: Contracts = {
  'POST /v1/memories': {
    scope: 'write',
    stranger: () => [
      {
        body: { input: item('x'), user_id: 'mara', group: 'vault' },
        expected: nothing('unknown_group', 422),
      },
    ],
    goodBodies: [
      { input: { string: { content: ['x'], created_at: at } }, ...names, properties: {}, root: 'string' },
      {
        input: { string: { content: ['x'] } },
        ...names,
        tags: ['import'],
        metadata: { source: 'x' },
        priority: 5,
        delay: 60,
        ttl: 3_600,
        timeout: 60,
        dry_run: false,
        on_conflict: 'enqueue',
      },
      { input: { pre_extracted: { items: [{ content: 'x', topic: 'UserKnowledge' }] } }, ...names },
      {
        input: { conversation: { messages: [goodMessage], metadata: {}, created_at: at, updated_at: at } },
        ...names,
      },
    ],
  },
  'POST /v1/memories/delete': {
    scope: 'write',
    stranger: () => [
      { body: { ...selection, group: 'vault' }, expected: nothing('unknown_group', 422) },
      { body: { user_id: 'guard' }, expected: nothing('unknown_user', 422) },
    ],
    goodBodies: [{ ...selection, conversation_id: 'c', erase: false }],
  },
  'POST /v1/memories/search': {
    scope: 'read',
    stranger: () => [
      ...['vector', 'bm25', 'hybrid', 'fetch'].map((retrieval_type) => ({
        body: { query: 'vault code 4711', user_id: 'mara', retrieval_config: { retrieval_type, limit: 100 } },
        expected: { status: 200, body: { memories: [{ content: 'Mara fears vaults.' }], total: 1 } },
      })),
      {
        body: { query: 'vault', user_id: 'mara', group: 'vault' },
        expected: nothing('unknown_group', 422),
      },
    ],
    goodBodies: [
      {
        query: 'x',
        ...selection,
        retrieval_config: { retrieval_type: 'hybrid', limit: 5 },
        conversation_id: 'c',
        as_of: at,
      },
    ],
  },
  'POST /v1/memories/list': {
    scope: 'read',
    stranger: () => [
      {
        body: { user_id: 'mara' },
        expected: { status: 200, body: { memories: [{ content: 'Mara fears vaults.' }] } },
      },
      { body: { user_id: 'mara', group: 'vault' }, expected: nothing('unknown_group', 422) },
    ],
    goodBodies: [{ ...selection, limit: 5, as_of: at }],
  },
  'GET /v1/memories/{id}': {
    scope: 'read',
    stranger: ({ memory }) => [
      { path: `/v1/memories/${memory}?user_id=mara`, expected: nothing('not_found', 404) },
      { path: `/v1/memories/${memory}`, expected: nothing('not_found', 404) },
      { path: `/v1/memories/${memory}?user_id=mara&group=vault`, expected: nothing('unknown_group', 422) },
    ],
  },
  'DELETE /v1/memories/{id}': {
    scope: 'write',
    stranger: ({ memory }) => [
      { path: `/v1/memories/${memory}?user_id=mara`, expected: nothing('not_found', 404) },
    ],
  },
  'PATCH /v1/memories/{id}': {
    scope: 'write',
    stranger: ({ memory }) => [
      {
        path: `/v1/memories/${memory}?user_id=mara`,
        body: { content: 'x' },
        expected: nothing('not_found', 404),
      },
    ],
    goodBodies: [{ content: 'x', expected_version: 1 }],
  },
  'GET /v1/memories/{id}/history': {
    scope: 'read',
    stranger: ({ memory }) => [
      { path: `/v1/memories/${memory}/history?user_id=mara`, expected: nothing('not_found', 404) },
      { path: `/v1/memories/${memory}/history`, expected: nothing('not_found', 404) },
    ],
  },
}
