import { Type } from 'typebox'
import type { Route } from '../../../api/route.ts'
import { NAME_LENGTH_MAX, TELEMETRY_EVENT_COUNT_MAX } from '../../../kernel/limits.ts'

/** The types that are counted by themselves. A word of a client's own is never a label. */
const eventTypes: ReadonlySet<string> = new Set([
  ...['user_message', 'assistant_message', 'tool_call', 'tool_result', 'context_request', 'context_fetch'],
  ...['session_start', 'session_end', 'agent_thinking', 'context_used', 'context_assembled'],
  ...['sdk_initialized', 'sdk_shutdown', 'api_call', 'cache_hit', 'cache_miss', 'error'],
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
