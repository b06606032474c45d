import { type Contracts, nothing } from './contract.ts'

const expires_at = '2099-01-01T00:00:00Z'

export const keyContracts: Contracts = {
  'GET /v1/keys': {
    scope: 'admin',
    stranger: () => [{ expected: { status: 200, body: { keys: [{ name: 'key of strangers' }] } } }],
  },
  'POST /v1/keys': {
    scope: 'admin',
    stranger: () => [
      { body: { name: 'spare', scopes: ['admin'] }, expected: { status: 201 } },
      { body: { name: 'master', scopes: ['operator'] }, expected: nothing('forbidden', 403) },
    ],
    goodBodies: [{ name: 'spoilt', scopes: ['read', 'write'], expires_at }],
  },
  'PATCH /v1/keys/{key_id}': {
    scope: 'admin',
    stranger: ({ key }) => [
      { path: `/v1/keys/${key}`, body: { name: 'mine' }, expected: nothing('not_found', 404) },
    ],
    goodBodies: [{ name: 'renamed', expires_at }],
  },
  'POST /v1/keys/{key_id}/rotate': {
    scope: 'admin',
    stranger: ({ key }) => [
      { path: `/v1/keys/${key}/rotate`, body: {}, expected: nothing('not_found', 404) },
    ],
    goodBodies: [{ grace_seconds: 60, expires_at }],
  },
  'DELETE /v1/keys/{key_id}': {
    scope: 'admin',
    stranger: ({ key }) => [{ path: `/v1/keys/${key}`, expected: nothing('not_found', 404) }],
  },
  'GET /v1/auth/verify': { stranger: () => [{ expected: { status: 204 } }] },
}
