import { expect, test } from 'vitest'
import { defaultLimits, type Limits } from '../kernel/limits.ts'
import { createLog } from '../kernel/log.ts'
import type { ProjectLimits } from '../projects/project.ts'
import type { PruneParams } from '../storage/administration.ts'
import type { Storage } from '../storage/storage.ts'
import { movableClock } from '../testing/movable-clock.ts'
import { startRetention } from './retention.ts'

const roundMs = 10 * 60_000
const days = 24 * 3_600_000
const none: ProjectLimits = {
  queueDepthMax: null,
  runRetentionMs: null,
  eventRetentionMs: null,
  versionRetentionMs: null,
  deliveryRetentionMs: null,
  ledgerRetentionMs: null,
}

type Call = { readonly what: string; readonly before: number; readonly cursor?: string | null }

/** A store that notes what it is asked, and tells when it was asked for the `n`th time. */
const observed = (options: {
  readonly limits?: Partial<Limits>
  readonly projects?: Readonly<Record<string, Partial<ProjectLimits>>>
  readonly keys?: readonly (number | Error)[]
  readonly next?: (call: Call) => string | null
}) => {
  const clock = movableClock()
  const { projects = {}, keys = [], next = () => null } = options
  const calls: Call[] = []
  const waiting = new Map<number, () => void>()
  const note = (call: Call) => {
    waiting.get(calls.push(call))?.()
    return call
  }
  const asked = (count: number) =>
    calls.length >= count ? undefined : new Promise<void>((resolve) => waiting.set(count, resolve))
  const cleared: string[] = []
  let keyRounds = 0
  const storage = {
    prune: async ({ idempotencyBefore }: { idempotencyBefore: number }) => {
      note({ what: 'keys', before: idempotencyBefore })
      const answer = keys[keyRounds++] ?? 0
      if (answer instanceof Error) throw answer
      return answer
    },
    // One project a page, so that pages are gone through too.
    pageProjects: async ({ cursor }: { cursor: string | null }) => {
      const names = Object.keys(projects)
      const index = cursor === null ? 0 : names.indexOf(cursor) + 1
      const items = names.slice(index, index + 1).map((name) => ({ projectId: name, name, createdAt: 0 }))
      return { items, nextCursor: index + 1 < names.length ? (names[index] ?? null) : null }
    },
    project: (projectId: string) => ({
      getLimits: async () => ({ ...none, ...projects[projectId] }),
      prune: async ({ kind, before, cursor }: PruneParams) => ({
        removed: 1,
        next: next(note({ what: `${projectId} ${kind}`, before, cursor })),
      }),
      // Twice there is something left of conversations that were removed.
      conversations: { clear: async () => cleared.push(projectId) % 3 !== 0 },
    }),
    // safety: these are all verbs that it calls
  } as unknown as Storage
  const limits = { ...defaultLimits, ...options.limits }
  const stop = startRetention({ storage, limits, clock, log: createLog('silent') })
  return { clock, calls, cleared, asked, stop }
}

test('keys are removed until none is left, then looked for again later; a store that fails does not end it', async () => {
  const { clock, calls, asked, stop } = observed({
    keys: [1_000, 1_000, 3, new Error('the store is away'), 0],
  })
  const startedAt = clock.now()
  for (const count of [2, 3]) await asked(count)
  for (const count of [4, 5]) {
    await new Promise(setImmediate)
    expect(calls).toHaveLength(count - 1)
    clock.advance(roundMs)
    await asked(count)
  }
  await stop()
  expect(calls).toHaveLength(5)
  // It began before this test looked at the clock.
  expect(calls[0]?.before).toBeLessThanOrEqual(startedAt - defaultLimits.idempotencyRetentionMs)
  expect(calls[3]?.before).toBeGreaterThanOrEqual((calls[0]?.before ?? 0) + roundMs)
})

test('what is kept for good is not even looked for', async () => {
  const { calls, asked, stop } = observed({ projects: { a: {}, b: { runRetentionMs: 0 } } })
  await asked(1)
  await stop()
  expect(calls.map(({ what }) => what)).toEqual(['keys'])
})

test('each project has its own retention, else that of the server, and each is followed to its end', async () => {
  const { clock, calls, cleared, asked, stop } = observed({
    limits: { runRetentionMs: 30 * days, eventRetentionMs: 20 * days },
    projects: {
      a: {},
      b: { runRetentionMs: 0, versionRetentionMs: 5 * days },
      c: { runRetentionMs: 1, eventRetentionMs: 0, deliveryRetentionMs: 1, ledgerRetentionMs: 40 * days },
    },
    next: ({ what, cursor }) => (what === 'b versions' && cursor === null ? 'on' : null),
  })
  const startedAt = clock.now()
  await asked(11)
  await expect.poll(() => cleared.length).toBe(9)
  await stop()
  expect(calls.map(({ what, cursor }) => [what, cursor])).toEqual([
    ['keys', undefined],
    ['a runs', null],
    ['a events', null],
    ['a conversations', null],
    ['b events', null],
    ['b versions', null],
    ['b versions', 'on'],
    ['c runs', null],
    ['c deliveries', null],
    ['c conversations', null],
    ['c ledger', null],
  ])
  const agesInDays = calls.map(({ before }) => Math.round((startedAt - before) / days) + 0)
  // A run outlives its idempotency key, whatever is asked for.
  expect(agesInDays).toEqual([7, 30, 20, 30, 20, 5, 5, 7, 0, 7, 40])
  expect(cleared).toEqual([...'aaabbbccc'])
})
