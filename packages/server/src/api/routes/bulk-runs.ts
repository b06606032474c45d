import { Type } from 'typebox'
import { REASON_LENGTH_MAX } from '../../kernel/limits.ts'
import { bulkRuns as doToMany } from '../../runs/bulk-runs.ts'
import type { BulkAction } from '../../runs/input.ts'
import { getRun } from '../../runs/read-runs.ts'
import { RunRepresentation, toRunRepresentation } from '../representations/run.ts'
import { readRunFilterMembers, runFilterMembers } from '../representations/run-filter.ts'
import { problems, RequestBody } from '../representations/schema.ts'
import type { Route } from '../route.ts'

const operations: readonly { readonly action: BulkAction; readonly summary: string }[] = [
  { action: 'cancel', summary: 'Cancel the runs that a filter admits' },
  { action: 'retry', summary: 'Try the failed runs again that a filter admits' },
  { action: 'replay', summary: 'Run the inputs again of the runs that a filter admits' },
]

const Filter = Type.Object(runFilterMembers, {
  additionalProperties: false,
  description: 'Members as in the list of runs; all that are given must hold, and one must be given.',
})

const Body = RequestBody({ filter: Filter })
const CancelBody = RequestBody({
  filter: Filter,
  reason: Type.Optional(Type.String({ maxLength: REASON_LENGTH_MAX })),
})

/** Three operations that differ in what is done to each run. */
export const bulkRuns: Route = (app, { storage }) => {
  for (const { action, summary } of operations) {
    app.route({
      method: 'POST',
      url: `/v1/runs/${action}`,
      config: { scope: 'write' },
      schema: {
        tags: ['runs'],
        summary,
        description:
          'A run of its own (`input_type: bulk`), about the runs accepted before it. Its `result` counts those that matched, were done, were as wished already, and were refused.',
        security: [{ key: [] }],
        body: action === 'cancel' ? CancelBody : Body,
        response: { 202: RunRepresentation, ...problems(400, 401, 403, 413, 415, 422, 429, 503) },
      },
      handler: async ({ access, body }, reply) => {
        const filter = readRunFilterMembers(body.filter)
        const reason = 'reason' in body && typeof body.reason === 'string' ? body.reason : null
        const { runId } = await doToMany(access, { action, filter, reason })
        const run = await getRun(access, storage.findRunProject, runId)
        return reply.code(202).header('location', `/v1/runs/${runId}`).send(toRunRepresentation(run))
      },
    })
  }
}
