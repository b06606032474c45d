/** What the wire of Flowyble refuses, and how. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { flowybleClient } from '../../testing/flowyble-client.ts'
import { openFlowybleScene } from '../../testing/flowyble-scene.ts'

const unknown = '00000000-0000-4000-8000-000000000000'

describe('errors', () => {
  let scene: Awaited<ReturnType<typeof openFlowybleScene>>
  beforeAll(async () => {
    scene = await openFlowybleScene([])
  })
  afterAll(() => scene[Symbol.asyncDispose]())

  test.each([
    ['no message', {}],
    ['an empty message', { userMessage: '' }],
    ['a blank message', { userMessage: '  ' }],
    ['a message that is none', { userMessage: 7 }],
    ['too many steps', { userMessage: 'Go.', maxSteps: 13 }],
    ['no steps', { userMessage: 'Go.', maxSteps: 0 }],
    ['no credits to spend', { userMessage: 'Go.', maxCredits: 0 }],
    ['a schema that is none', { userMessage: 'Go.', outputSchema: { type: 'nothing' } }],
    [
      'too much metadata',
      {
        userMessage: 'Go.',
        metadata: Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`m${n}`, n])),
      },
    ],
    ['no object', ['Go.']],
    ['no JSON', '{"userMessage"'],
  ])('400 for %s, and no run', async (_name, body) => {
    const answer = await scene.call('POST', `/v1/agents/run/${scene.agentId}`, body)
    expect(answer).toMatchObject({
      status: 400,
      body: { success: false, message: expect.any(String), code: expect.any(String) },
    })
    const { body: list } = await scene.call<{ items: unknown[] }>('GET', '/v1/agents/runs')
    expect(list.items).toEqual([])
  })

  test('400 for an agent that is not active', async () => {
    const { body } = await scene.app.request<{ id: string }>('POST', '/v1/agents', {
      ...{ name: 'Asleep', instructions: '', status: 'inactive' },
    })
    const answer = await scene.call('POST', `/v1/agents/run/${body.id}`, { userMessage: 'Go.' })
    expect(answer).toMatchObject({ status: 400, body: { success: false } })
  })

  test('400 when a cap is met, as the documents say', async () => {
    await scene.app.request('PATCH', '/v1/credits', { caps: { tokens: 0, actions: null, credits: null } })
    const answer = await scene.call('POST', `/v1/agents/run/${scene.agentId}`, { userMessage: 'Go.' })
    expect([answer.status, answer.body]).toEqual([
      400,
      {
        ...{ success: false, message: 'Insufficient credits', code: 'insufficient_credits' },
        details: [{ message: 'The project has used 0 of its 0 tokens of this month.' }],
      },
    ])
    await scene.app.request('PATCH', '/v1/credits', { caps: { tokens: null, actions: null, credits: null } })
  })

  test.each([
    ['GET', `/v1/agents/run/${unknown}/status`],
    ['GET', `/v1/agents/run/${unknown}/details`],
    ['GET', `/v1/agents/run/${unknown}/steps`],
    ['GET', `/v1/agents/run/${unknown}/stream`],
    ['GET', '/v1/agents/run/no-id/status'],
    ['POST', `/v1/agents/run/${unknown}/cancel`],
    ['POST', `/v1/agents/run/${unknown}/retry`],
    ['POST', `/v1/agents/run/${unknown}`],
    ['POST', '/v1/agents/run/no-id'],
    ['POST', `/v1/tools/run/${unknown}`],
    ['GET', `/v1/tools/run/${unknown}/status`],
    ['GET', `/v1/tools/run/${unknown}/result`],
  ])('404 for what is not there: %s %s', async (method, path) => {
    const body = method === 'POST' ? { userMessage: 'Go.' } : undefined
    expect(await scene.call(method, path, body)).toMatchObject({ status: 404, body: { success: false } })
  })

  test.each([
    ['GET', `/v1/agents/run/${unknown}/status`],
    ['POST', `/v1/agents/run/${unknown}`],
    ['GET', '/v1/agents/runs'],
    ['POST', `/v1/tools/run/${unknown}`],
  ])('401 without a key, with another and with one revoked: %s %s', async (method, path) => {
    for (const key of ['', 'flw_key_x', 'rem_unknown']) {
      const stranger = flowybleClient(scene.app, key)
      const answer = await stranger.call(method, path, method === 'POST' ? {} : undefined)
      expect(answer).toMatchObject({ status: 401, body: { success: false, code: 'unauthorized' } })
    }
  })

  test('403 for a key that may only read', async () => {
    const { body } = await scene.app.request<{ key: string }>('POST', '/v1/keys', {
      ...{ name: 'r', scopes: ['read'] },
    })
    const reader = flowybleClient(scene.app, body.key)
    const answer = await reader.call('POST', `/v1/agents/run/${scene.agentId}`, { userMessage: 'Go.' })
    expect(answer).toMatchObject({ status: 403, body: { success: false, code: 'forbidden' } })
  })

  test('another project knows neither agent nor run', async () => {
    const { body: tenant } = await scene.app.request<{ key: string }>('POST', '/v1/projects', {
      name: 'tenant',
    })
    const stranger = flowybleClient(scene.app, tenant.key)
    const start = await stranger.call('POST', `/v1/agents/run/${scene.agentId}`, { userMessage: 'Go.' })
    expect(start.status).toBe(404)
    const runId = await scene.start(scene.agentId, 'Go.')
    const asUnknown = { status: 404, body: { code: 'not_found', message: `run ${runId} not found` } }
    for (const path of ['status', 'details', 'steps', 'stream']) {
      expect(await stranger.call('GET', `/v1/agents/run/${runId}/${path}`)).toMatchObject(asUnknown)
    }
    for (const path of ['cancel', 'retry']) {
      expect(await stranger.call('POST', `/v1/agents/run/${runId}/${path}`, {})).toMatchObject(asUnknown)
    }
    expect((await stranger.call<{ items: [] }>('GET', '/v1/agents/runs')).body.items).toEqual([])
  })
})
