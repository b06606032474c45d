import { Type } from 'typebox'
import { deleteMemories as remove } from '../../memories/delete-memories.ts'
import { requireScope } from '../../projects/access.ts'
import { getRun } from '../../runs/read-runs.ts'
import { RunRepresentation, toRunRepresentation } from '../representations/run.ts'
import { problems, RequestBody } from '../representations/schema.ts'
import { readSelection, selectionMembers } from '../representations/selection.ts'
import type { Route } from '../route.ts'

export const deleteMemories: Route = (app, { storage }) => {
  app.route({
    method: 'POST',
    url: '/v1/memories/delete',
    config: { scope: 'write' },
    schema: {
      tags: ['memories'],
      summary: 'Delete memories by a filter',
      description:
        'A run in the line of the user: what was added before is deleted, what is added later stays. Without `topics` only memories of the user are meant, never those of everybody. An empty filter is refused.',
      security: [{ key: [] }],
      body: RequestBody({
        ...selectionMembers,
        erase: Type.Optional(
          Type.Boolean({
            default: false,
            description:
              'Leave nothing: no history, and no inputs of the runs that had to do with it. It cannot be taken back or cancelled, and needs a key with the scope `admin`.',
          }),
        ),
      }),
      response: { 202: RunRepresentation, ...problems(400, 401, 403, 413, 415, 422, 429, 503) },
    },
    handler: async ({ access, body }, reply) => {
      if (body.erase === true) requireScope(access, 'admin')
      const { runId } = await remove(access, {
        ...readSelection(body),
        ...(body.group !== undefined && { group: body.group }),
        erase: body.erase ?? false,
      })
      const run = await getRun(access, storage.findRunProject, runId)
      return reply.code(202).header('location', `/v1/runs/${runId}`).send(toRunRepresentation(run))
    },
  })
}
