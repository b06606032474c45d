import { expect, test } from 'vitest'
import { loadProvider } from '../models/ai-sdk/provider.ts'
import { startProvider } from './provider.ts'

const toolCalls = [{ name: 'memory_search', arguments: { query: 'bees' } }]

test.each(['/chat/completions', '/messages'])(
  '%s answers whole where no stream is asked for',
  async (path) => {
    const answers = ['Bees.', { text: 'Wait.', toolCalls }]
    await using provider = await startProvider({ answers })
    const ask = async () => {
      const body = JSON.stringify({ model: 'small', messages: [] })
      const response = await fetch(`${provider.url}/v1${path}`, { method: 'POST', body })
      return [response.headers.get('content-type'), await response.json()]
    }
    const [plain, calling] = [await ask(), await ask()]
    if (path === '/messages') {
      const use = { type: 'tool_use', id: 'call_0', name: 'memory_search', input: { query: 'bees' } }
      expect(plain[1]).toMatchObject({ content: [{ text: 'Bees.' }], stop_reason: 'end_turn' })
      expect(calling[1]).toMatchObject({ content: [{ text: 'Wait.' }, use], stop_reason: 'tool_use' })
    } else {
      const call = { id: 'call_0', function: { name: 'memory_search', arguments: '{"query":"bees"}' } }
      expect(plain[1]).toMatchObject({ choices: [{ message: { content: 'Bees.' }, finish_reason: 'stop' }] })
      expect(calling[1]).toMatchObject({
        choices: [{ message: { tool_calls: [call] }, finish_reason: 'tool_calls' }],
      })
    }
    expect([plain[0], calling[0]]).toEqual(['application/json', 'application/json'])
  },
)

test('a script may be a function, and never come to an end', async () => {
  await using provider = await startProvider({
    answers: (_request, index) => ({ text: `${index}`, toolCalls }),
  })
  const languageModel = (
    await loadProvider({ type: 'anthropic', url: provider.url, key: null, timeoutMs: 1 })
  )('small')
  for (const text of ['0', '1', '2']) {
    const { stream } = await languageModel.doStream({ prompt: [] })
    const parts = await Array.fromAsync(stream)
    expect(parts).toContainEqual(expect.objectContaining({ type: 'text-delta', delta: text }))
    expect(parts).toContainEqual(expect.objectContaining({ type: 'tool-call', toolName: 'memory_search' }))
  }
})

test('a request beyond the script, or to another path, is refused', async () => {
  await using provider = await startProvider({ answers: [] })
  const post = (path: string) => fetch(`${provider.url}${path}`, { method: 'POST', body: '{}' })
  expect((await post('/v1/messages')).status).toBe(400)
  expect((await post('/v1/embeddings')).status).toBe(404)
})
