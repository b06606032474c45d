/** Runs, steps, sources and documents for tests of a store, with all but the point filled in. */
import type { Ids } from '../kernel/ids.ts'
import type { Source } from '../memories/memory.ts'
import type { Topic } from '../projects/group.ts'
import type { RunCounts, RunError, StepRecord } from '../runs/run.ts'
import type { Origin } from '../search/document.ts'
import { indexDocument } from '../search/index-document.ts'
import { makeTopic } from './factories.ts'

export const startAt = 1_700_000_000_000
export const leaseMs = 60_000
export const runTimeoutMs = 3_600_000

/** UUIDs in order, so that a failure reads the same each time. */
export const countedIds = (first = 1): Ids => {
  let count = first
  return { next: () => `00000000-0000-7000-8000-${String(count++).padStart(12, '0')}` }
}

export const topics: readonly Topic[] = [
  makeTopic('facts', { scoping: { userScoped: true, scopeProperties: [] } }),
  makeTopic('news'),
  makeTopic('trips', { scoping: { userScoped: true, scopeProperties: ['trip'] } }),
  makeTopic('summary', { isBounded: true, scoping: { userScoped: true, scopeProperties: [] } }),
]

export const runCounts = (over: Partial<RunCounts> = {}): RunCounts => ({
  inputs: 1,
  failedInputs: 0,
  candidates: 0,
  created: 0,
  updated: 0,
  deleted: 0,
  unchanged: 0,
  ...over,
})

export const runError: RunError = { stage: 'extraction', code: 'timeout', detail: 'not finished within 1 s' }

export const stepRecord = (over: Partial<StepRecord> = {}): StepRecord => ({
  name: 'commit',
  type: 'commit',
  attempt: 1,
  status: 'completed',
  startedAt: startAt,
  completedAt: startAt,
  output: null,
  error: null,
  ...over,
})

export const source = (over: Partial<Source> = {}): Source => ({
  runId: '00000000-0000-7000-8000-00000000aaaa',
  input: 0,
  message: null,
  messageId: null,
  role: null,
  name: null,
  saidAt: startAt,
  ...over,
})

export const origin: Origin = { speaker: null, session: 'session', turn: 0, saidAt: startAt }

export const documentOf = (content: string) => indexDocument({ content, ...origin })
