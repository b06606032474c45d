import { expect, test } from 'vitest'
import { createLiveOutput, type OutputDelta } from './live-output.ts'

test('whoever follows is told what was said of the present answer, and what comes', () => {
  const live = createLiveOutput()
  const heard: OutputDelta[] = []
  const answer = live.open('run', 2)
  answer.push('Mara ')
  const stop = live.follow('run', (delta) => heard.push(delta))
  live.open('another', 1).push('unheard')
  answer.push('keeps ')
  stop()
  answer.push('bees.')
  expect(heard).toEqual([
    { iteration: 2, offset: 0, text: 'Mara ' },
    { iteration: 2, offset: 5, text: 'keeps ' },
  ])
})

test('an answer that is over is not told any more, and one that is begun anew starts at its beginning', () => {
  const live = createLiveOutput()
  const heard: OutputDelta[] = []
  {
    using first = live.open('run', 1)
    first.push('Mara')
  }
  live.follow('run', (delta) => heard.push(delta))
  live.open('run', 1).push('Bees')
  expect(heard).toEqual([{ iteration: 1, offset: 0, text: 'Bees' }])
})

test('of a very long answer its beginning is kept, and a gap shows by the offset', () => {
  const live = createLiveOutput()
  const answer = live.open('run', 1)
  answer.push('a'.repeat(65_536))
  answer.push('b')
  const heard: OutputDelta[] = []
  live.follow('run', (delta) => heard.push(delta))
  answer.push('c')
  expect(heard.map(({ offset, text }) => [offset, text.length])).toEqual([
    [0, 65_536],
    [65_537, 1],
  ])
})
