import { startToolRun } from '../../agents/run-agent.ts'
import { IdempotencyHeaders } from '../../http/idempotency.ts'
import { Acknowledgement, acknowledge } from '../acknowledge.ts'
import { NewToolRun, readCommon } from '../representations/agent-run.ts'
import { problems } from '../representations/schema.ts'
import { ToolPath } from '../representations/tool.ts'
import type { Route } from '../route.ts'

export const runTool: Route = (app, { hub }) => {
  app.route({
    method: 'POST',
    url: '/v1/tools/:tool_id/runs',
    config: { scope: 'write' },
    schema: {
      tags: ['tools'],
      summary: 'Run a tool',
      description:
        'Answers as soon as the run is stored durably, like an add; with `Prefer: wait=N` with the run, if it has ended by then.',
      security: [{ key: [] }],
      headers: IdempotencyHeaders,
      params: ToolPath,
      body: NewToolRun,
      response: {
        200: Acknowledgement,
        ...problems(400, 401, 402, 403, 404, 409, 413, 415, 422, 429, 503),
      },
    },
    handler: async (request, reply) => {
      const { access, body, params, headers } = request
      const started = await startToolRun(access, {
        toolId: params.tool_id.toLowerCase(),
        input: body.input ?? {},
        ...readCommon(body),
        idempotencyKey: headers['idempotency-key'],
        trigger: 'api',
      })
      return acknowledge(request, reply, { hub, ...started })
    },
  })
}
