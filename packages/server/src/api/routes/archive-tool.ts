import { Type } from 'typebox'
import { archiveTool as archive } from '../../agents/manage-tools.ts'
import { problems } from '../representations/schema.ts'
import { ToolPath } from '../representations/tool.ts'
import type { Route } from '../route.ts'

export const archiveTool: Route = (app) => {
  app.route({
    method: 'DELETE',
    url: '/v1/tools/:tool_id',
    config: { scope: 'admin' },
    schema: {
      tags: ['tools'],
      summary: 'Archive a tool',
      description: 'It runs no more and is listed no more. Its runs stay, and those in hand go on.',
      security: [{ key: [] }],
      params: ToolPath,
      response: { 204: Type.Null(), ...problems(401, 403, 404, 409, 422) },
    },
    handler: async ({ access, params }, reply) => {
      await archive(access, params.tool_id.toLowerCase())
      return reply.code(204).send(null)
    },
  })
}
