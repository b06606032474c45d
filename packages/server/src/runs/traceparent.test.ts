import { expect, test } from 'vitest'
import { formatTraceparent, parseTraceparent } from './traceparent.ts'

const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
const span = '00f067aa0ba902b7'

test.each([
  [`00-${trace}-${span}-01`, `00-${trace}-${span}-01`],
  [`00-${trace}-${span}-00`, `00-${trace}-${span}-00`],
  [`cc-${trace}-${span}-01`, `00-${trace}-${span}-01`],
  [`cc-${trace}-${span}-01-what-is-to-come`, `00-${trace}-${span}-01`],
])('%s is one', (text, normal) => {
  const parsed = parseTraceparent(text)
  expect(parsed).toMatchObject({ traceId: trace, spanId: span })
  expect(parsed && formatTraceparent(parsed)).toBe(normal)
})

test.each([
  '',
  'x',
  `00-${trace}-${span}`,
  `00-${trace}-${span}-01-more`,
  `00-${trace}-${span}-1`,
  `00-${trace.toUpperCase()}-${span}-01`,
  `00-${'0'.repeat(32)}-${span}-01`,
  `00-${trace}-${'0'.repeat(16)}-01`,
  `ff-${trace}-${span}-01`,
  `cc-${trace}-${span}-01.more`,
  ` 00-${trace}-${span}-01`,
  `00-${trace}-${span}-01, 00-${trace}-${span}-01`,
  `00-${trace}-${span}-01\n`,
])('%j is none', (text) => {
  expect(parseTraceparent(text)).toBeNull()
})
