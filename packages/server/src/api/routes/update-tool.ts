import { updateTool as update } from '../../agents/manage-tools.ts'
import { problems } from '../representations/schema.ts'
import {
  readToolChanges,
  ToolChanges,
  ToolPath,
  ToolRepresentation,
  toToolRepresentation,
} from '../representations/tool.ts'
import type { Route } from '../route.ts'

export const updateTool: Route = (app, { definitions }) => {
  app.route({
    method: 'PATCH',
    url: '/v1/tools/:tool_id',
    config: { scope: 'admin' },
    schema: {
      tags: ['tools'],
      summary: 'Change a tool',
      description:
        'Members that are given are replaced whole. Runs that were accepted before go on as it was.',
      security: [{ key: [] }],
      params: ToolPath,
      body: ToolChanges,
      response: { 200: ToolRepresentation, ...problems(401, 403, 404, 409, 422) },
    },
    handler: async ({ access, params, body }) => {
      const { expected_version: expectedVersion, ...changes } = body
      const changed = await update(access, definitions, {
        toolId: params.tool_id.toLowerCase(),
        expectedVersion,
        changes: readToolChanges(changes),
      })
      return toToolRepresentation(changed)
    },
  })
}
