import { type Contracts, nothing } from './contract.ts'

export const conversationContracts: Contracts = {
  'GET /v1/conversations': {
    scope: 'read',
    stranger: () => [
      { expected: { status: 200, body: { conversations: [], next_cursor: null } } },
      { path: '/v1/conversations?user_id=mara', expected: { status: 200, body: { conversations: [] } } },
    ],
  },
  'GET /v1/conversations/{conversation_id}': {
    scope: 'read',
    stranger: ({ conversation }) => [
      { path: `/v1/conversations/${conversation}`, expected: nothing('not_found', 404) },
    ],
  },
  'GET /v1/conversations/{conversation_id}/messages': {
    scope: 'read',
    stranger: ({ conversation }) => [
      { path: `/v1/conversations/${conversation}/messages`, expected: nothing('not_found', 404) },
    ],
  },
  'DELETE /v1/conversations/{conversation_id}': {
    scope: 'write',
    stranger: ({ conversation }) => [
      { path: `/v1/conversations/${conversation}`, expected: nothing('not_found', 404) },
    ],
  },
}
