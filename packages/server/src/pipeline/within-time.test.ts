import { expect, test } from 'vitest'
import { withinTime } from './within-time.ts'

const never = () => new AbortController().signal
const listening = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

test('it answers what the work answers, and throws what it throws', async () => {
  expect(await withinTime(1_000, never(), async () => 7)).toBe(7)
  await expect(withinTime(1_000, never(), () => Promise.reject(new Error('broken')))).rejects.toThrow(
    'broken',
  )
})

test('work that takes too long is aborted, with an error that may be tried again', async () => {
  const seen: AbortSignal[] = []
  const working = withinTime(10, never(), (signal) => {
    seen.push(signal)
    return listening(signal)
  })
  await expect(working).rejects.toMatchObject({
    code: 'timeout',
    retryable: true,
    message: 'not finished within 0.01 s',
  })
  expect(seen[0]?.aborted).toBe(true)
})

test('work that ignores its signal is not waited for', async () => {
  await expect(withinTime(10, never(), () => new Promise(() => {}))).rejects.toMatchObject({
    code: 'timeout',
  })
})

test('an abort from outside reaches the work and is its end, with its reason', async () => {
  const controller = new AbortController()
  const working = withinTime(10_000, controller.signal, listening)
  controller.abort(new Error('stopping'))
  await expect(working).rejects.toThrow('stopping')
})

test('work is not begun under a signal that is aborted already', async () => {
  let isBegun = false
  const begin = async () => {
    isBegun = true
  }
  await expect(withinTime(10_000, AbortSignal.abort(new Error('stopping')), begin)).rejects.toThrow(
    'stopping',
  )
  expect(isBegun).toBe(false)
})
