import { expect, test } from 'vitest'
import { oneLine } from './paint.ts'
import { table } from './table.ts'
import { duration, relativeTime } from './time.ts'

const plain = (_: string, text: string) => text

test('a table aligns its columns, counts wide characters double, and cuts only the last column', () => {
  const rows = [
    ['東京', 'a', 'the last column is long'],
    ['x', 'bcd', 'short'],
  ]
  expect(table(['CITY', 'B', 'TEXT'], rows, { paint: plain, columns: 24 })).toBe(
    ['CITY  B    TEXT', '東京  a    the last col…', 'x     bcd  short', ''].join('\n'),
  )
})

test('foreign text cannot steer the terminal', () => {
  expect(oneLine('a\u001b[31mred\u001b]0;title\u0007\r\n\tb\u009b2J')).toBe('ared b')
})

test.each([
  [0, '0 ms'],
  [3_400, '3.4 s'],
  [300_000, '5 min'],
  [5_400_000, '1.5 h'],
])('%d ms is %s', (ms, text) => {
  expect(duration(ms)).toBe(text)
})

test.each([
  ['2026-11-01T11:59:59Z', 'just now'],
  ['2026-11-01T11:59:30Z', '30 s ago'],
  ['2026-11-01T09:30:00Z', '2 h ago'],
  ['2026-10-20T12:00:00Z', '12 d ago'],
  ['2026-11-01T12:05:00Z', 'in 5 min'],
  ['2026-01-02T12:00:00Z', '2026-01-02'],
])('%s at noon of 1 November is %s', (iso, text) => {
  expect(relativeTime(iso, Date.parse('2026-11-01T12:00:00Z'))).toBe(text)
})
