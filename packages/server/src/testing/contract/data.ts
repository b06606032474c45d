import { type Contracts, nothing } from './contract.ts'

/** The store as a whole is the operator's, whatever else a key may do; a project is its administrator's. */
export const dataContracts: Contracts = {
  'GET /v1/export': {
    scope: 'admin',
    stranger: ({ run }) => [
      { expected: { status: 200 } },
      { path: `/v1/export?after=run:${run}`, expected: nothing('invalid_body', 422) },
    ],
  },
  'POST /v1/import': {
    scope: 'admin',
    stranger: () => [{ body: {}, expected: nothing('unsupported_media_type', 415) }],
  },
  'GET /v1/doctor': { scope: 'operator', stranger: () => [{ expected: nothing('forbidden', 403) }] },
  'POST /v1/backup': { scope: 'operator', stranger: () => [{ expected: nothing('forbidden', 403) }] },
}
