import { expect, test } from 'vitest'
import { readPrometheusText } from '../testing/prometheus-text.ts'
import { createCounter, createHistogram, expose, readFamily } from './instruments.ts'

test('a counter adds up for each of its label values', () => {
  const counter = createCounter({ name: 'made_total', help: 'Made.', labels: ['kind', 'size'] })
  counter.add({ kind: 'a', size: '1' })
  counter.add({ kind: 'a', size: '1' }, 4)
  counter.add({ kind: 'a1', size: '' })
  expect(expose([counter])).toBe(
    '# HELP made_total Made.\n# TYPE made_total counter\nmade_total{kind="a",size="1"} 5\nmade_total{kind="a1",size=""} 1\n',
  )
})

test('a histogram counts into the first bucket that holds the value, and all above it', () => {
  const histogram = createHistogram({
    name: 'took_seconds',
    help: 'Took.',
    labels: ['step'],
    bounds: [0.1, 1],
  })
  for (const value of [0.1, 0.05, 1, 7]) histogram.observe({ step: 'x' }, value)
  expect(histogram.lines()).toEqual([
    'took_seconds_bucket{step="x",le="0.1"} 2',
    'took_seconds_bucket{step="x",le="1"} 3',
    'took_seconds_bucket{step="x",le="+Inf"} 4',
    'took_seconds_sum{step="x"} 8.15',
    'took_seconds_count{step="x"} 4',
  ])
})

test('whatever stands in a help or a label can be read back', () => {
  const text = 'a "b" \\ c\nd{e="f"},'
  const family = readFamily({ name: 'x', help: 'one\ntwo \\', samples: [{ labels: { text }, value: 1e-7 }] })
  const read = readPrometheusText(expose([family])).get('x')
  expect(read?.samples).toEqual([{ name: 'x', labels: { text }, value: 1e-7 }])
  expect(read?.help).toBe('one\\ntwo \\\\')
})
