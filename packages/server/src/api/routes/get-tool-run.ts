import { readToolRun } from '../../agents/read-agent-run.ts'
import { ToolRunRepresentation, toToolRunMembers } from '../representations/agent-run.ts'
import { toRunRepresentation } from '../representations/run.ts'
import { problems } from '../representations/schema.ts'
import { ToolRunPath } from '../representations/tool.ts'
import type { Route } from '../route.ts'

export const getToolRun: Route = (app, { storage }) => {
  app.route({
    method: 'GET',
    url: '/v1/tools/:tool_id/runs/:run_id',
    config: { scope: 'read' },
    schema: {
      tags: ['tools'],
      summary: 'Read a run of a tool, with what it did and what it cost',
      security: [{ key: [] }],
      params: ToolRunPath,
      response: { 200: ToolRunRepresentation, ...problems(401, 403, 404, 422) },
    },
    handler: async ({ access, params }) => {
      const { view, toolRun } = await readToolRun(access, storage.findRunProject, {
        toolId: params.tool_id.toLowerCase(),
        runId: params.run_id.toLowerCase(),
      })
      return { run: toRunRepresentation(view), ...toToolRunMembers(toolRun) }
    },
  })
}
