import { expect, test } from 'vitest'
import { bodyFor } from './provider.ts'

test('only OpenAI itself gets the bound of output under its newer name', () => {
  const body = { model: 'm', max_tokens: 9 }
  expect(bodyFor('https://api.openai.com/v1', body)).toEqual({ model: 'm', max_completion_tokens: 9 })
  expect(bodyFor('https://api.openai.com/v1', { model: 'm' })).toEqual({ model: 'm' })
  expect(bodyFor('http://127.0.0.1:11434/v1', body)).toEqual(body)
})
