import { type Contracts, nothing } from './contract.ts'

const scoping = { user_scoped: false, scope_properties: ['day'] }

const pipeline = {
  steps: [
    {
      name: 'extract',
      type: 'extract',
      next: 'gather',
      inputs: ['string', 'conversation', 'pre_extracted'],
    },
    {
      name: 'gather',
      type: 'buffer',
      next: 'transform',
      trigger: { count: 2, age_seconds: 60, idle_seconds: 0.5 },
    },
    { name: 'transform', type: 'transform', topics: ['T'] },
    { name: 'commit', type: 'commit' },
  ],
}

export const groupContracts: Contracts = {
  'GET /v1/groups': {
    scope: 'read',
    stranger: () => [{ expected: { status: 200, body: { groups: [{ name: 'default' }] } } }],
  },
  'GET /v1/groups/by-name': {
    scope: 'read',
    stranger: () => [{ path: '/v1/groups/by-name?name=vault', expected: nothing('unknown_group', 422) }],
  },
  'PUT /v1/groups/{name}': {
    scope: 'admin',
    stranger: () => [
      {
        path: '/v1/groups/vault',
        body: { template: 'personalization-with-summary' },
        expected: { status: 200, body: { name: 'vault' } },
      },
    ],
    goodBodies: [{ topics: [{ topic_name: 'T', description: '', is_bounded: false, scoping }], pipeline }],
  },
  'GET /v1/groups/{name}': {
    scope: 'read',
    stranger: () => [{ path: '/v1/groups/safe', expected: nothing('not_found', 404) }],
  },
  'DELETE /v1/groups/{name}': {
    scope: 'admin',
    stranger: () => [{ path: '/v1/groups/safe', expected: nothing('not_found', 404) }],
  },
  'PUT /v1/groups/{name}/topics/{topic}': {
    scope: 'admin',
    stranger: () => [
      {
        path: '/v1/groups/safe/topics/Locks',
        body: { description: '', is_bounded: false, scoping: { user_scoped: true } },
        expected: nothing('not_found', 404),
      },
    ],
    goodBodies: [{ description: '', is_bounded: false, scoping }],
  },
  'DELETE /v1/groups/{name}/topics/{topic}': {
    scope: 'admin',
    stranger: () => [{ path: '/v1/groups/safe/topics/UserKnowledge', expected: nothing('not_found', 404) }],
  },
  'POST /v1/groups/{name}/flush': {
    scope: 'write',
    stranger: () => [
      { path: '/v1/groups/nowhere/flush', body: {}, expected: nothing('unknown_group', 422) },
      {
        path: '/v1/groups/default/flush',
        body: { user_id: 'mara' },
        expected: { status: 200, body: { buffers: 0, runs: 0 } },
      },
    ],
    goodBodies: [{ user_id: 'mara', properties: { day: 'monday' } }],
  },
}
