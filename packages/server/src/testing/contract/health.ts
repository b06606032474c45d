import type { Contracts } from './contract.ts'

export const healthContracts: Contracts = {
  'GET /health': { stranger: () => [{ expected: { status: 200 } }] },
  'GET /metrics': { stranger: () => [{ expected: { status: 200 } }] },
  'GET /ready': { stranger: () => [{ expected: { status: 200 } }] },
}
