import { Type } from 'typebox'
import type { Route } from '../../../api/route.ts'
import { NAME_LENGTH_MAX, TELEMETRY_EVENT_COUNT_MAX } from '../../../kernel/limits.ts'

/** The types that the library sends, which are counted by themselves. A word of a client's own is never a label. */
const eventTypes: ReadonlySet<string> = new Set([
  ...['sdk_init', 'sdk_shutdown', 'http_request', 'cache_hit', 'cache_miss', 'error'],
  ...[
    'memory_create',
    'memory_batch_create',
    'memory_get',
    'memory_update',
    'memory_delete',
    'memory_status',
  ],
  ...['fetch_conversation_context', 'fetch_user_context', 'fetch_customer_context', 'fetch_client_context'],
  ...['compact_context', 'conversation_ingest', 'user_profile_get'],
  ...['listen_start', 'listen_reconnect', 'listen_disconnect'],
])

/** Counts what clients tell of themselves; nothing of it is kept. */
export const sendTelemetry: Route = (app, { observer }) => {
  app.route({
    method: 'POST',
    url: '/v1/telemetry/batch',
    config: { scope: null },
    schema: {
      body: Type.Object({
        events: Type.Array(
          Type.Object({
            event_type: Type.Optional(Type.String({ maxLength: NAME_LENGTH_MAX })),
            type: Type.Optional(Type.String({ maxLength: NAME_LENGTH_MAX })),
          }),
          { maxItems: TELEMETRY_EVENT_COUNT_MAX },
        ),
        batch_id: Type.Optional(Type.String({ maxLength: NAME_LENGTH_MAX })),
        sdk_version: Type.Optional(Type.String({ maxLength: NAME_LENGTH_MAX })),
      }),
    },
    handler: async ({ body, access }) => {
      const { wire } = access
      for (const { event_type, type } of body.events) {
        const named = event_type ?? type ?? ''
        observer.clientReported({ wire, type: eventTypes.has(named) ? named : 'other', count: 1 })
      }
      return { status: 'accepted', events_received: body.events.length, batch_id: body.batch_id ?? null }
    },
  })
}
