import { type Contracts, nothing } from './contract.ts'

const refused = nothing('forbidden', 403)

/** A stranger is an administrator of another project, and no operator. */
export const projectContracts: Contracts = {
  'GET /v1/project': {
    scope: 'read',
    stranger: () => [{ expected: { status: 200, body: { name: 'strangers', counts: { memories: 1 } } } }],
  },
  // Each steers its own project, and the last one as it was.
  'POST /v1/project/pause': {
    scope: 'admin',
    stranger: () => [{ body: {}, expected: { status: 200, body: { name: 'strangers', state: 'paused' } } }],
    goodBodies: [{}],
  },
  'POST /v1/project/drain': {
    scope: 'admin',
    stranger: () => [{ body: {}, expected: { status: 200, body: { state: 'draining' } } }],
    goodBodies: [{}],
  },
  'POST /v1/project/resume': {
    scope: 'admin',
    stranger: () => [{ body: {}, expected: { status: 200, body: { state: 'active' } } }],
    goodBodies: [{}],
  },
  'GET /v1/projects': { scope: 'operator', stranger: () => [{ expected: refused }] },
  'GET /v1/usage': {
    scope: 'read',
    stranger: () => [{ expected: { status: 200, body: {} } }],
  },
  'GET /v1/projects/usage': { scope: 'operator', stranger: () => [{ expected: refused }] },
  'POST /v1/projects': {
    scope: 'operator',
    stranger: () => [{ body: { name: 'outpost' }, expected: refused }],
    goodBodies: [{ name: 'spoilt', template: 'personalization' }],
  },
  'GET /v1/projects/{project_id}': {
    scope: 'operator',
    stranger: ({ project }) => [{ path: `/v1/projects/${project}`, expected: refused }],
  },
  'PATCH /v1/projects/{project_id}': {
    scope: 'operator',
    stranger: ({ project }) => [
      { path: `/v1/projects/${project}`, body: { name: 'mine' }, expected: refused },
    ],
    goodBodies: [
      {
        name: 'renamed',
        limits: {
          queue_depth: 10,
          run_retention: 60,
          event_retention: 60,
          version_retention: 60,
          delivery_retention: 60,
          ledger_retention: 60,
        },
      },
    ],
  },
  'DELETE /v1/projects/{project_id}': {
    scope: 'operator',
    stranger: ({ project }) => [
      { path: `/v1/projects/${project}`, body: { confirm: 'default' }, expected: refused },
    ],
    goodBodies: [{ confirm: 'default' }],
  },
}
