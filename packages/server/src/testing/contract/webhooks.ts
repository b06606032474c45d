import { type Attempt, type Contracts, nothing } from './contract.ts'

const unknown = (path: string, body?: object): readonly Attempt[] => [
  { path, ...(body !== undefined && { body }), expected: nothing('not_found', 404) },
]

export const webhookContracts: Contracts = {
  'GET /v1/webhooks': { scope: 'admin', stranger: () => [{ expected: { status: 200 } }] },
  'POST /v1/webhooks': {
    scope: 'admin',
    stranger: () => [
      { body: { url: 'https://stranger.example/', events: ['run.failed'] }, expected: { status: 201 } },
    ],
    goodBodies: [
      {
        url: 'https://receiver.example/hook',
        events: ['run.*', 'memory.created'],
        description: 'for the test',
        user_id: 'mara',
        tags: ['calendar'],
        secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
      },
    ],
  },
  'GET /v1/webhooks/{webhook_id}': {
    scope: 'admin',
    stranger: ({ webhook }) => unknown(`/v1/webhooks/${webhook}`),
  },
  'PATCH /v1/webhooks/{webhook_id}': {
    scope: 'admin',
    stranger: ({ webhook }) => unknown(`/v1/webhooks/${webhook}`, { enabled: true }),
    goodBodies: [
      { url: 'https://receiver.example/', events: ['*'], description: 'changed', enabled: false },
      { user_id: 'mara', tags: ['calendar'], events: ['run.failed'], enabled: true },
    ],
  },
  'DELETE /v1/webhooks/{webhook_id}': {
    scope: 'admin',
    stranger: ({ webhook }) => unknown(`/v1/webhooks/${webhook}`),
  },
  'POST /v1/webhooks/{webhook_id}/rotate': {
    scope: 'admin',
    stranger: ({ webhook }) => unknown(`/v1/webhooks/${webhook}/rotate`, { overlap_seconds: 1 }),
    goodBodies: [{ overlap_seconds: 1 }],
  },
  'POST /v1/webhooks/{webhook_id}/test': {
    scope: 'admin',
    stranger: ({ webhook }) => unknown(`/v1/webhooks/${webhook}/test`),
  },
  'GET /v1/webhooks/{webhook_id}/deliveries': {
    scope: 'admin',
    stranger: ({ webhook }) => unknown(`/v1/webhooks/${webhook}/deliveries`),
  },
  'GET /v1/webhooks/{webhook_id}/deliveries/{delivery_id}': {
    scope: 'admin',
    stranger: ({ webhook, delivery }) => unknown(`/v1/webhooks/${webhook}/deliveries/${delivery}`),
  },
  'POST /v1/webhooks/{webhook_id}/deliveries/{delivery_id}/replay': {
    scope: 'admin',
    stranger: ({ webhook, delivery }) => unknown(`/v1/webhooks/${webhook}/deliveries/${delivery}/replay`),
  },
  'POST /v1/webhooks/{webhook_id}/deliveries/replay': {
    scope: 'admin',
    stranger: ({ webhook }) => unknown(`/v1/webhooks/${webhook}/deliveries/replay`),
  },
}
