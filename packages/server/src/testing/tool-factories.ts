/** Tools of HTTP requests for tests, and what became of their runs. */
import type { HttpRequestTemplate } from '../agents/action-spec.ts'
import type { Tool, ToolStep } from '../agents/tool.ts'
import type { WorkingScene } from './working-scene.ts'

const text = { type: 'string' }

export const httpStep = (
  name: string,
  request: Partial<HttpRequestTemplate> & { url: string },
  given: object = {},
): ToolStep => ({
  name,
  action: {
    ...{ type: 'http', name: `call_${name}`, description: 'Calls.', timeoutMs: 5_000 },
    parameters: {
      type: 'object',
      properties: Object.fromEntries(Object.keys(given).map((key) => [key, {}])),
    },
    request: { method: 'POST', headers: {}, query: {}, body: null, ...request },
  },
  mcpTool: null,
  arguments: { ...given },
})

export const runOf = async (
  scene: WorkingScene,
  tool: Partial<Tool>,
  input: Readonly<Record<string, unknown>> = {},
) => {
  await scene.putTool({
    toolId: 'tool',
    parameters: { type: 'object', properties: { city: text, unit: text } },
    ...tool,
  })
  return scene.ended(await scene.startTool('tool', input))
}

export const stepsOf = async (scene: WorkingScene, { runId }: { runId: string }) =>
  (await scene.project.listSteps(runId)).map(({ name, type, status, attempt }) => [
    name,
    type,
    status,
    attempt,
  ])
