import { type Contracts, nothing } from './contract.ts'

export const runContracts: Contracts = {
  'GET /v1/runs': {
    stranger: () => [
      { expected: { status: 200, body: { runs: [{ user_id: 'mara' }], next_cursor: null } } },
      { path: '/v1/runs?group=vault', expected: nothing('unknown_group', 422) },
      { path: '/v1/runs?user_id=mara&limit=100', expected: { status: 200, body: { runs: [{}] } } },
    ],
  },
  'GET /v1/runs/{run_id}': {
    stranger: ({ run }) => [{ path: `/v1/runs/${run}`, expected: nothing('foreign_resource', 403) }],
  },
  'GET /v1/runs/{run_id}/events': {
    stranger: ({ run }) => [{ path: `/v1/runs/${run}/events`, expected: nothing('foreign_resource', 403) }],
  },
}
