import { Type } from 'typebox'
import { IdempotencyHeaders } from '../../http/idempotency.ts'
import { undoRun as undo } from '../../runs/undo-run.ts'
import { RunRepresentation, toRunRepresentation } from '../representations/run.ts'
import { problems, RequestBody, Uuid } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const undoRun: Route = (app, { storage }) => {
  app.route({
    method: 'POST',
    url: '/v1/runs/:run_id/undo',
    config: { scope: 'write' },
    schema: {
      tags: ['runs'],
      summary: 'Take back what a run did',
      description:
        'A new run that reverses what this one committed; its `undo_of` names this run. Memories that have changed since are conflicts: its `result` lists them, and they stay as they are unless forced.',
      security: [{ key: [] }],
      params: Type.Object({ run_id: Uuid }),
      headers: IdempotencyHeaders,
      body: RequestBody({
        dry_run: Type.Optional(Type.Boolean({ description: 'Shows what it would do, and does nothing.' })),
        force: Type.Optional(Type.Boolean({ description: 'Also where memories have changed since.' })),
      }),
      response: { 200: RunRepresentation, ...problems(401, 403, 404, 409, 413, 415, 422, 429, 503) },
    },
    handler: async ({ access, params, body, headers }) => {
      const key = headers['idempotency-key']
      const view = await undo(access, storage.findRunProject, {
        runId: params.run_id.toLowerCase(),
        dryRun: body.dry_run ?? false,
        force: body.force ?? false,
        ...(key !== undefined && { idempotencyKey: key }),
      })
      return toRunRepresentation(view)
    },
  })
}
