import type { Run, RunEvent, RunState } from '@remanence/sdk'
import { type Format, oneLine } from './paint.ts'

export const stateFormat = (state: RunState): Format =>
  state === 'completed' ? 'green' : ['queued', 'running', 'buffered'].includes(state) ? 'cyan' : 'red'

/** `+3 ~1 -2`, as many as there are; where a completed run changed nothing, why. */
export const changes = ({ counts, outcome }: Run): string => {
  const parts = [
    ['+', counts.created],
    ['~', counts.updated],
    ['-', counts.deleted],
  ] as const
  const given = parts.filter(([, count]) => count > 0).map(([sign, count]) => `${sign}${count}`)
  if (given.length > 0) return given.join(' ')
  return outcome === 'no_facts' ? 'nothing worth keeping' : outcome === 'unchanged' ? 'nothing new' : ''
}

/** From acceptance to the end; null while it goes on. */
export const runDurationMs = (run: Run): number | null =>
  run.completedAt === null ? null : Date.parse(run.completedAt) - Date.parse(run.createdAt)

/** What an event tells besides its type: `step extract, attempt 2`. */
export const eventDetails = ({ data }: RunEvent): string =>
  Object.entries(data)
    .filter(([, value]) => value !== null && value !== '' && typeof value !== 'object')
    .map(([key, value]) => `${key} ${oneLine(String(value))}`)
    .join(', ')
