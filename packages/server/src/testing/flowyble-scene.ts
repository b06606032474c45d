/** An app whose models answer in turn, a client of Flowyble's wire of it, and an agent. */
import { flowybleClient } from './flowyble-client.ts'
import { type ProviderAnswer, startProvider } from './provider.ts'
import { startTestApp, type TestAppOptions } from './test-app.ts'

const search = { type: 'memory_search', name: 'memory_search', description: 'Searches.', limit: 5 }
const add = { type: 'memory_add', name: 'memory_add', description: 'Keeps.' }

export const openFlowybleScene = async (
  answers: readonly ProviderAnswer[],
  agent: object = {},
  { limits, ...options }: TestAppOptions = {},
) => {
  await using stack = new AsyncDisposableStack()
  const provider = stack.use(await startProvider({ answers }))
  const models = {
    modelProvider: 'openai-compatible',
    modelUrl: `${provider.url}/v1`,
    modelName: 'small',
  } as const
  const app = stack.use(
    await startTestApp({ ...options, models, limits: { retryBaseMs: 1, retryMaxMs: 2, ...limits } }),
  )
  const definition = { name: 'Concierge', instructions: 'Help.', actions: [search, add], ...agent }
  const { body } = await app.request<{ id: string }>('POST', '/v1/agents', definition)
  const resources = stack.move()
  const dispose = () => resources.disposeAsync()
  return { app, provider, agentId: body.id, ...flowybleClient(app), [Symbol.asyncDispose]: dispose }
}
