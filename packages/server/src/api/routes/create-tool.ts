import { createTool as create } from '../../agents/manage-tools.ts'
import { problems } from '../representations/schema.ts'
import { NewTool, readNewTool, ToolRepresentation, toToolRepresentation } from '../representations/tool.ts'
import type { Route } from '../route.ts'

export const createTool: Route = (app, { definitions }) => {
  app.route({
    method: 'POST',
    url: '/v1/tools',
    config: { scope: 'admin' },
    schema: {
      tags: ['tools'],
      summary: 'Create a tool',
      security: [{ key: [] }],
      body: NewTool,
      response: { 201: ToolRepresentation, ...problems(401, 403, 409, 422) },
    },
    handler: async ({ access, body }, reply) =>
      reply.code(201).send(toToolRepresentation(await create(access, definitions, readNewTool(body)))),
  })
}
