import { Type } from 'typebox'
import { startTriggeredRun } from '../../../agents/start-triggered-run.ts'
import { createTriggerGate } from '../../../agents/trigger-gate.ts'
import type { Route } from '../../../api/route.ts'
import { Id } from '../schema.ts'

/** The token in the path is the key; whoever has it starts a run of the one agent or tool that it stands for. */
export const trigger: Route = (app, dependencies) => {
  const gate = createTriggerGate(dependencies)
  app.route({
    method: 'POST',
    url: '/webhooks/:token',
    config: { isSigned: true },
    schema: { params: Type.Object({ token: Id }) },
    handler: async ({ params, headers, body, traceparent }) => {
      const { runId, type } = await startTriggeredRun(dependencies, gate, {
        token: params.token,
        headers,
        body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
        wire: 'flowyble',
        traceparent,
      })
      return { success: true, runId, type }
    },
  })
}
