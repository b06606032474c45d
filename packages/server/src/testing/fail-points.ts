/** Fail points: the process kills itself at a named moment, as a crash would, so that tests can see what is left behind. */
import { type SignalPoint, type Signals, signalPoints } from '../kernel/signals.ts'

/**
 * `before_commit` kills the process the first time it is reached, `before_commit:3` the third time. Without a spec nothing is armed.
 * Throws an Error with a sentence for people when there is no such point.
 */
export const armFailPoint = (spec: string | undefined): Signals => {
  if (spec === undefined || spec === '') return {}
  const { point, time } = parseFailPoint(spec)
  let reachedCount = 0
  return {
    reached: (reached) => {
      if (reached === point && ++reachedCount === time) process.kill(process.pid, 'SIGKILL')
    },
  }
}

const parseFailPoint = (spec: string): { point: SignalPoint; time: number } => {
  const [, name, time = '1'] = /^([a-z_]+)(?::([1-9]\d{0,6}))?$/.exec(spec) ?? []
  const point = signalPoints.find((one) => one === name)
  if (point === undefined) {
    throw new Error(
      `REMANENCE_FAIL_POINT="${spec}" is no fail point: it is one of ${signalPoints.join(', ')}, with :N for the Nth time.`,
    )
  }
  return { point, time: Number(time) }
}
