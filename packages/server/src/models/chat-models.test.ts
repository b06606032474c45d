import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { defaultLimits } from '../kernel/limits.ts'
import { Problem } from '../kernel/problem.ts'
import { startProvider } from '../testing/provider.ts'
import { createChatModels } from './chat-models.ts'

const none = {
  modelProvider: 'none',
  modelUrl: null,
  modelKey: null,
  modelName: null,
  limits: defaultLimits,
} as const

const problemOf = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    return error
  }
}

test('without a provider there is the built-in model, and no other', () => {
  const models = createChatModels(none)
  expect(models(null)).toMatchObject({ name: 'recall', model: { name: 'recall' } })
  expect(models('recall').name).toBe('recall')
  const error = problemOf(() => models('gpt'))
  expect(error).toBeInstanceOf(Problem)
  expect(error).toMatchObject({ code: 'model_not_configured', status: 422 })
})

test('with a provider its models are there by any name, and the built-in one too', async () => {
  await using provider = await startProvider({ answers: ['One.', 'Two.'] })
  const configured = {
    modelProvider: 'openai-compatible',
    modelUrl: `${provider.url}/v1`,
    modelName: 'small',
  } as const
  const models = createChatModels({ ...none, ...configured })
  expect(models('recall').model.name).toBe('recall')
  for (const { model, name } of [models(null), models('large')]) {
    await model.complete({
      model: name,
      instructions: '',
      messages: [{ role: 'user', content: 'Count.' }],
      tools: [],
      signal: new AbortController().signal,
    })
  }
  expect(provider.requests.map(({ path, body }) => [path, body.model])).toEqual([
    ['/v1/chat/completions', 'small'],
    ['/v1/chat/completions', 'large'],
  ])
})

test('the time of a call is that of the limits', async () => {
  await using provider = await startProvider({ answers: ['hang'] })
  const { model, name } = createChatModels({
    ...none,
    modelProvider: 'anthropic',
    modelUrl: provider.url,
    modelName: 'small',
    limits: { ...defaultLimits, modelTimeoutMs: 50 },
  })(null)
  const { signal } = new AbortController()
  const messages = [{ role: 'user', content: 'Count.' }] as const
  const call = model.complete({ model: name, instructions: '', messages, tools: [], signal })
  await expect(call).rejects.toMatchObject({ code: 'model_timeout' })
})

test('nothing of the AI SDK is loaded before the first call', async () => {
  const script = `
    import { registerHooks } from 'node:module'
    const loaded = []
    registerHooks({ resolve: (name, context, next) => (loaded.push(name), next(name, context)) })
    const { createChatModels } = await import(${JSON.stringify(new URL('chat-models.ts', import.meta.url).href)})
    const { model } = createChatModels({
      modelProvider: 'anthropic', modelUrl: 'http://127.0.0.1:9', modelKey: null, modelName: 'm', limits: { modelTimeoutMs: 50 },
    })(null)
    const isSdk = (name) => name.startsWith('@ai-sdk/')
    const before = loaded.filter(isSdk)
    const messages = [{ role: 'user', content: 'x' }]
    await model.complete({ model: 'm', instructions: '', messages, tools: [], signal: new AbortController().signal }).catch(() => {})
    console.log(JSON.stringify([before.length, loaded.some(isSdk), loaded.includes('ai')]))
  `
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
  expect(JSON.parse(stdout)).toEqual([0, true, false])
})
