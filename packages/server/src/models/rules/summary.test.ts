import { expect, test } from 'vitest'
import { BOUNDED_LENGTH_MAX } from '../../kernel/limits.ts'
import { summarise } from './summary.ts'

const filler = (index: number): string => `User: It was quite a nice day again, number ${index % 3}, really.`

test('all is kept while it fits, once and in order', () => {
  expect(summarise(null, ['User: I live in Graz.', 'User: I like tea.', 'User: I live in Graz!'])).toBe(
    'User: I live in Graz.\nUser: I like tea.',
  )
})

test('what it holds already changes nothing', () => {
  let summary: string | null = null
  for (let index = 0; index < 200; index++)
    summary = summarise(summary, [`User: I visited Town${index} with Friend${index}.`])
  expect(summarise(summary, summary?.split('\n') ?? [])).toBe(summary)
  expect(summarise(summary, [])).toBe(summary)
})

test('a telling statement survives many rewrites, word by word, within the bound', () => {
  const telling = 'User: My sister Clara Weiss lives at Herrengasse 12 in Graz and is allergic to penicillin.'
  let summary = summarise(null, [telling])
  const said = new Set([telling])
  for (let index = 0; index < 300; index++) {
    const statement = index % 10 === 0 ? `User: I bought plant number ${index} at the market.` : filler(index)
    said.add(statement)
    summary = summarise(summary, [statement])
    expect(summary.length).toBeLessThanOrEqual(BOUNDED_LENGTH_MAX)
  }
  expect(summary.split('\n')).toContain(telling)
  expect(summary.split('\n').filter((line) => !said.has(line))).toEqual([])
})

test('the latest of equals stays', () => {
  const places = Array.from({ length: 60 }, (_, index) => `User: I spent a week in Village${index + 10}.`)
  const summary = summarise(null, places)
  expect(summary).toContain('Village69')
  expect(summary).not.toContain('Village10')
})

test('a statement longer than a line keeps its first sentences', () => {
  const summary = summarise(null, [
    `I live in Graz. ${'I walk a lot there. '.repeat(100)}`,
    'x'.repeat(5_000),
  ])
  expect(summary.startsWith('I live in Graz. I walk')).toBe(true)
  expect(summary.split('\n').every((line) => line.length <= 300)).toBe(true)
  expect(summarise(summary, [])).toBe(summary)
})
