import { type Contracts, nothing } from './contract.ts'

/** The stranger's project has seen a user `mara` too, whose only memory and runs are its own. */
const own = { user_id: 'mara', memory_count: 1, open_run_count: 0 }

export const userContracts: Contracts = {
  'GET /v1/users': {
    scope: 'read',
    stranger: () => [
      { expected: { status: 200, body: { users: [own], next_cursor: null } } },
      { path: '/v1/users?prefix=m', expected: { status: 200, body: { users: [own] } } },
      { path: '/v1/users?prefix=vault', expected: { status: 200, body: { users: [] } } },
    ],
  },
  'DELETE /v1/users/{user_id}': {
    scope: 'admin',
    stranger: () => [{ path: '/v1/users/guard', expected: nothing('not_found', 404) }],
  },
  'GET /v1/users/{user_id}': {
    scope: 'read',
    stranger: () => [
      { path: '/v1/users/mara', expected: { status: 200, body: own } },
      { path: '/v1/users/guard', expected: nothing('not_found', 404) },
    ],
  },
}
