import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { armFailPoint } from './fail-points.ts'

test('nothing is armed without a spec', () => {
  expect(armFailPoint(undefined)).toEqual({})
  expect(armFailPoint('')).toEqual({})
})

test.each(['nowhere', 'before_commit:0', 'before_commit:', 'before_commit:x', 'Before_Commit', ':1'])(
  'the spec "%s" is refused, with the points there are',
  (spec) => {
    expect(() => armFailPoint(spec)).toThrow(
      `REMANENCE_FAIL_POINT="${spec}" is no fail point: it is one of after_accept,`,
    )
  },
)

/** Reaches the points in another process and answers how many it came through, and what ended it. */
const reach = (spec: string, points: readonly string[]) => {
  const program = `import(${JSON.stringify(join(import.meta.dirname, 'fail-points.ts'))}).then(({ armFailPoint }) => {
    const signals = armFailPoint(process.argv[1])
    for (const point of process.argv.slice(2)) { signals.reached(point); require('node:fs').writeSync(1, '.') }
  })`
  const { signal, stdout } = spawnSync(process.execPath, ['-e', program, spec, ...points])
  return { signal, passed: stdout.toString().length }
}

test('the process dies at the named point and no other, the time that was named', () => {
  expect(reach('before_commit', ['after_claim', 'before_commit', 'after_commit'])).toEqual({
    signal: 'SIGKILL',
    passed: 1,
  })
  expect(
    reach(
      'after_step:3',
      Array.from({ length: 5 }, () => 'after_step'),
    ),
  ).toEqual({ signal: 'SIGKILL', passed: 2 })
  expect(reach('after_step:3', ['after_step', 'after_claim', 'after_step'])).toEqual({
    signal: null,
    passed: 3,
  })
})
