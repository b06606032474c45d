import { type Contracts, nothing } from './contract.ts'

export const dataContracts: Contracts = {
  'GET /v1/doctor': { scope: 'operator', stranger: () => [{ expected: nothing('forbidden', 403) }] },
}
