/**
 * Killed at each moment of an agent run, the server goes on with it at its next start. What was recorded is not done again: a call
 * to the model is paid once, and an action done once. What was in hand and not recorded is done once more, under the same key; a
 * memory is committed with the record, so it is there once in any case.
 */
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ActionSpec } from '../../agents/action-spec.ts'
import { prepareAgentRuns } from '../agent-runs.ts'
import { startProvider } from '../provider.ts'
import { startReceiver } from '../receiver.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { startServer } from './server-process.ts'

const apiKey = 'rem_key_of_the_agents_test'
const END_MS_MAX = 60_000

const keep: ActionSpec = { name: 'keep', description: 'Keeps.', type: 'memory_add', topic: 'UserKnowledge' }

/** A data directory as a first start leaves it. */
const fresh = temporaryFolder()
beforeAll(async () => {
  const server = startServer({ dataDir: fresh.path, apiKey })
  if ((await server.listening) === null) throw new Error(`the server did not start: ${await server.errors}`)
  server.kill('SIGTERM')
  await server.ended
}, END_MS_MAX)
afterAll(() => fresh[Symbol.dispose]())

const openPlace = async () => {
  await using stack = new AsyncDisposableStack()
  const shop = stack.use(await startReceiver(() => ({ status: 200, body: '"sold"' })))
  const buy: ActionSpec = {
    ...{ name: 'buy', description: 'Buys.', type: 'http', timeoutMs: 5_000 },
    parameters: { type: 'object', properties: { what: { type: 'string' } } },
    request: {
      method: 'POST',
      url: `${shop.url}/buy`,
      headers: {},
      query: {},
      body: { what: '{{args.what}}' },
    },
  }
  // What a model would say next follows from what it is shown, not from how often it was asked.
  const provider = stack.use(
    await startProvider({
      answers: ({ body }) => {
        const { messages } = body
        const outputs = Array.isArray(messages) ? messages.filter(({ role }) => role === 'tool').length : 0
        if (outputs === 0)
          return {
            toolCalls: [
              { name: 'buy', arguments: { what: 'honey' } },
              { name: 'keep', arguments: { content: 'Mara buys honey.' } },
            ],
          }
        return outputs === 2 ? { toolCalls: [{ name: 'buy', arguments: { what: 'wax' } }] } : 'Bought.'
      },
    }),
  )
  const { path } = stack.use(temporaryFolder())
  const dataDir = join(path, 'data')
  const env = {
    REMANENCE_MODEL_PROVIDER: 'openai-compatible',
    REMANENCE_MODEL_URL: `${provider.url}/v1`,
    REMANENCE_MODEL_NAME: 'small',
    REMANENCE_WEBHOOK_ALLOW: '127.0.0.1',
  }
  let held: AsyncDisposableStack = stack
  const start = (failPoint?: string) => {
    const server = startServer({ dataDir, apiKey, env, ...(failPoint !== undefined && { failPoint }) })
    held.defer(async () => {
      server.kill('SIGKILL')
      await server.ended
    })
    return server
  }
  cpSync(fresh.path, dataDir, { recursive: true })
  const [runId = ''] = await prepareAgentRuns(dataDir, [
    { userMessage: 'Buy honey and wax.', userId: 'mara', agent: { actions: [buy, keep] } },
  ])
  held = stack.move()
  return { shop, provider, runId, start, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

const ask = async <Body>(url: string | null, method: string, path: string, body?: object): Promise<Body> => {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${path} was answered ${await response.text()}`)
  return (await response.json()) as Body // safety: the test names the shape it expects
}

const finished = async (url: string | null, runId: string) => {
  for (let waitedMs = 0; waitedMs < END_MS_MAX; waitedMs += 25) {
    const run = await ask<{ state: string; completed_at: string | null }>(url, 'GET', `/v1/runs/${runId}`)
    if (run.completed_at !== null) return run
    await sleep(25)
  }
  throw new Error(`run ${runId} did not end`)
}

/** The moments beside those after a step, which a test of their own has. The steps in their order: model-1, action-1-1 (honey), action-1-2 (the memory), model-2, action-2-1 (wax), model-3. */
const kills: readonly [point: string, models: number, honey: number, wax: number][] = [
  ['mid_step:1', 3, 1, 1],
  // The model has answered, and nobody has written it down.
  ['before_record:1', 4, 1, 1],
  // Honey was bought, and nobody has written it down: it is bought under the same key once more.
  ['before_record:2', 3, 2, 1],
  ['before_commit:1', 3, 1, 1],
  ['after_commit:1', 3, 1, 1],
  ['before_record:4', 4, 1, 1],
  ['before_record:5', 3, 1, 2],
  ['before_record:6', 4, 1, 1],
  ['after_step:6', 3, 1, 1],
  // The end of the run.
  ['before_commit:2', 3, 1, 1],
  ['after_commit:2', 3, 1, 1],
]

test.each(kills)(
  'killed %s: %i calls to the model, honey %i times, wax %i times',
  async (point, models, honey, wax) => {
    await using place = await openPlace()
    expect(await place.start(point).ended).toBe('SIGKILL')
    const url = await place.start().listening
    expect(await finished(url, place.runId)).toMatchObject({
      ...{ state: 'completed', counts: { created: 1, unchanged: 0 } },
      result: { finalOutput: 'Bought.', stopReason: 'final_answer' },
    })
    expect(place.provider.requests).toHaveLength(models)
    const bought = (what: string) => place.shop.received.filter(({ body }) => body.includes(what))
    // By the key the shop can tell that it is the same.
    const keys = new Set(place.shop.received.map(({ headers }) => headers['idempotency-key']))
    expect([...keys].toSorted()).toEqual([`${place.runId}/action-1-1`, `${place.runId}/action-2-1`])
    expect([bought('honey').length, bought('wax').length]).toEqual([honey, wax])
    const listed = await ask<{ memories: { content: string }[] }>(url, 'POST', '/v1/memories/list', {
      user_id: 'mara',
    })
    expect(listed.memories.map(({ content }) => content)).toEqual(['Mara buys honey.'])
    expect(await ask(url, 'GET', '/v1/doctor')).toMatchObject({ healthy: true })
  },
  120_000,
)

test('killed after each of its steps, a run ends, and did everything once', async () => {
  await using place = await openPlace()
  let deaths = 0
  while ((await place.start('after_step:1').ended) === 'SIGKILL' && deaths < 5) deaths++
  expect(deaths).toBe(5)
  const url = await place.start().listening
  expect(await finished(url, place.runId)).toMatchObject({ state: 'completed', attempt: 7 })
  expect(place.provider.requests).toHaveLength(3)
  expect(place.shop.received).toHaveLength(2)
  expect(await ask(url, 'GET', '/v1/doctor')).toMatchObject({ healthy: true })
}, 120_000)
