import type { Page } from '../storage/storage.ts'
import type { Access } from './access.ts'
import type { Operations } from './projects.ts'
import type { UsageDay } from './usage.ts'
import type { UsageMeter } from './usage-meter.ts'

type Period = { readonly fromDay: number; readonly toDay: number }

/** Each day of the period, also those on which nothing was done, oldest first. */
export const readUsage = async (
  { storage }: Access,
  meter: Pick<UsageMeter, 'flush'>,
  period: Period,
): Promise<readonly UsageDay[]> => {
  await meter.flush()
  const known = new Map((await storage.usage(period)).map((day) => [day.day, day]))
  return Array.from({ length: period.toDay - period.fromDay + 1 }, (_, index) => {
    const day = period.fromDay + index
    return known.get(day) ?? nothingDone(storage.projectId, day)
  })
}

/** The days of all projects on which something was done. */
export const pageUsage = async (
  { storage }: Operations,
  meter: Pick<UsageMeter, 'flush'>,
  params: Period & { readonly limit: number; readonly cursor: string | null },
): Promise<Page<UsageDay>> => {
  await meter.flush()
  return storage.pageUsage(params)
}

const nothingDone = (projectId: string, day: number): UsageDay => ({
  projectId,
  day,
  runs: { accepted: 0, completed: 0, partial: 0, failed: 0, cancelled: 0 },
  operations: { created: 0, updated: 0, deleted: 0 },
  searches: 0,
  tokens: { input: 0, output: 0 },
  cost: 0,
})
