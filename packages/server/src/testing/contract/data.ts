import { type Contracts, nothing } from './contract.ts'

/** The store as a whole is the operator's, whatever else a key may do. */
export const dataContracts: Contracts = {
  'GET /v1/doctor': { scope: 'operator', stranger: () => [{ expected: nothing('forbidden', 403) }] },
  'POST /v1/backup': { scope: 'operator', stranger: () => [{ expected: nothing('forbidden', 403) }] },
}
