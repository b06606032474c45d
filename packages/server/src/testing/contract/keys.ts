import { type Contracts, nothing } from './contract.ts'

export const keyContracts: Contracts = {
  'GET /v1/keys': {
    stranger: () => [{ expected: { status: 200, body: { keys: [{ name: 'key of strangers' }] } } }],
  },
  'POST /v1/keys': {
    stranger: () => [{ body: { name: 'spare', scopes: ['admin'] }, expected: { status: 201 } }],
    goodBodies: [{ name: 'spoilt', scopes: ['read', 'write'] }],
  },
  'DELETE /v1/keys/{key_id}': {
    stranger: ({ key }) => [{ path: `/v1/keys/${key}`, expected: nothing('not_found', 404) }],
  },
  'GET /v1/auth/verify': { stranger: () => [{ expected: { status: 204 } }] },
}
