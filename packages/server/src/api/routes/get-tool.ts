import { getTool as get } from '../../agents/manage-tools.ts'
import { problems } from '../representations/schema.ts'
import { ToolPath, ToolRepresentation, toToolRepresentation } from '../representations/tool.ts'
import type { Route } from '../route.ts'

export const getTool: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/tools/:tool_id',
    config: { scope: 'read' },
    schema: {
      tags: ['tools'],
      summary: 'Read a tool',
      security: [{ key: [] }],
      params: ToolPath,
      response: { 200: ToolRepresentation, ...problems(401, 403, 404, 422) },
    },
    handler: async ({ access, params }) =>
      toToolRepresentation(await get(access, params.tool_id.toLowerCase())),
  })
}
