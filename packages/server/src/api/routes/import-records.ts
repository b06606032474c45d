import { IMPORT_BYTES_MAX } from '../../kernel/limits.ts'
import { problem } from '../../kernel/problem.ts'
import { importRecords as accept } from '../../memories/import-records.ts'
import { getRun } from '../../runs/read-runs.ts'
import { RunRepresentation, toRunRepresentation } from '../representations/run.ts'
import { problems } from '../representations/schema.ts'
import { createRecordReader } from '../representations/transfer.ts'
import type { Route } from '../route.ts'

export const importRecords: Route = (app, { storage }) => {
  const readRecords = createRecordReader()
  app.route({
    method: 'POST',
    url: '/v1/import',
    bodyLimit: IMPORT_BYTES_MAX,
    config: { scope: 'admin', takesRecords: true },
    schema: {
      tags: ['transfer'],
      summary: 'Take in a part of an export',
      description:
        'Lines of an export (`application/x-ndjson`), as many as fit, after its first line. They are checked before anything is accepted, and taken in by a run. What is there already under the same identity stays as it is: the same lines may come again, and parts may be repeated. Parts are taken in in the order they were accepted.',
      security: [{ key: [] }],
      response: { 202: RunRepresentation, ...problems(400, 401, 403, 413, 415, 422, 429, 503) },
    },
    handler: async ({ access, body }, reply) => {
      if (!Buffer.isBuffer(body))
        throw problem('unsupported_media_type', 'The body must be application/x-ndjson.')
      const { runId } = await accept(access, readRecords(body))
      const run = await getRun(access, storage.findRunProject, runId)
      return reply.code(202).header('location', `/v1/runs/${runId}`).send(toRunRepresentation(run))
    },
  })
}
