import { expect, test } from 'vitest'
import { Problem, problem, problemCatalogue } from './problem.ts'

test('every code has a client or server status and a title of its own', () => {
  const entries = Object.values(problemCatalogue)
  expect(new Set(entries.map(({ title }) => title)).size).toBe(entries.length)
  for (const { status } of entries) expect(status).toSatisfy((code: number) => code >= 400 && code < 600)
})

test('a problem knows its status and title, and carries what it was given', () => {
  const full = problem('queue_full', 'Come back.', { retryAfterSeconds: 1 })
  expect(full).toBeInstanceOf(Problem)
  expect(full).toMatchObject({
    code: 'queue_full',
    status: 429,
    title: 'Too many runs are waiting',
    message: 'Come back.',
    members: { retryAfterSeconds: 1 },
  })
})
