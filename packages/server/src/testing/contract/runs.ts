import { type Contracts, nothing } from './contract.ts'

export const runContracts: Contracts = {
  'GET /v1/runs': {
    scope: 'read',
    stranger: () => [
      { expected: { status: 200, body: { runs: [{ user_id: 'mara' }], next_cursor: null } } },
      { path: '/v1/runs?group=vault', expected: nothing('unknown_group', 422) },
      { path: '/v1/runs?user_id=mara&limit=100', expected: { status: 200, body: { runs: [{}] } } },
    ],
  },
  'GET /v1/runs/{run_id}': {
    scope: 'read',
    stranger: ({ run }) => [{ path: `/v1/runs/${run}`, expected: nothing('foreign_resource', 403) }],
  },
  ...Object.fromEntries(
    ['cancel', 'retry', 'replay'].map((action) => [
      `POST /v1/runs/${action}`,
      {
        scope: 'write' as const,
        stranger: () => [
          {
            body: { filter: { user_id: 'mara', group: 'vault' } },
            expected: nothing('unknown_group', 422),
          },
        ],
        goodBodies: [{ filter: { user_id: 'mara', state: 'failed', error: 'x' } }],
      },
    ]),
  ),
  'POST /v1/runs/{run_id}/cancel': {
    scope: 'write',
    stranger: ({ run }) => [
      { path: `/v1/runs/${run}/cancel`, body: {}, expected: nothing('foreign_resource', 403) },
    ],
    goodBodies: [{ reason: 'no longer wanted' }],
  },
  'POST /v1/runs/{run_id}/retry': {
    scope: 'write',
    stranger: ({ run }) => [
      { path: `/v1/runs/${run}/retry`, body: {}, expected: nothing('foreign_resource', 403) },
    ],
    goodBodies: [{ starting_step: 'extract' }],
  },
  'POST /v1/runs/{run_id}/replay': {
    scope: 'write',
    stranger: ({ run }) => [
      { path: `/v1/runs/${run}/replay`, body: {}, expected: nothing('foreign_resource', 403) },
    ],
    goodBodies: [{}],
  },
  'POST /v1/runs/{run_id}/undo': {
    scope: 'write',
    stranger: ({ run }) => [
      { path: `/v1/runs/${run}/undo`, body: {}, expected: nothing('foreign_resource', 403) },
    ],
    goodBodies: [{ dry_run: true, force: true }],
  },
  'POST /v1/runs/{run_id}/commit': {
    scope: 'write',
    stranger: ({ run }) => [
      { path: `/v1/runs/${run}/commit`, body: {}, expected: nothing('foreign_resource', 403) },
    ],
    goodBodies: [{}],
  },
  'POST /v1/runs/{run_id}/dismiss': {
    scope: 'write',
    stranger: ({ run }) => [
      { path: `/v1/runs/${run}/dismiss`, body: {}, expected: nothing('foreign_resource', 403) },
    ],
    goodBodies: [{}],
  },
  'POST /v1/runs/{run_id}/flush': {
    scope: 'write',
    stranger: ({ run }) => [
      { path: `/v1/runs/${run}/flush`, body: {}, expected: nothing('foreign_resource', 403) },
    ],
    goodBodies: [{}],
  },
  'GET /v1/runs/{run_id}/events': {
    scope: 'read',
    stranger: ({ run }) => [{ path: `/v1/runs/${run}/events`, expected: nothing('foreign_resource', 403) }],
  },
  'GET /v1/runs/stats': {
    scope: 'read',
    stranger: () => [{ expected: { status: 200, body: { states: { completed: 1 } } } }],
  },
  'GET /v1/runs/{run_id}/steps': {
    scope: 'read',
    stranger: ({ run }) => [{ path: `/v1/runs/${run}/steps`, expected: nothing('foreign_resource', 403) }],
  },
  'GET /v1/events': {
    scope: 'read',
    stranger: ({ run }) => [
      { expected: { status: 200 } },
      { path: `/v1/events?run_id=${run}`, expected: { status: 200, body: { events: [] } } },
    ],
  },
}
