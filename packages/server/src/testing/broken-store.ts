import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { TestApp } from './test-app.ts'

/** For what the server is writing. */
const WAIT_MS_MAX = 5_000

/** Does the work while no run can be read or written, as when the disk has gone bad; afterwards all is as before. */
export const whileStoreIsBroken = async (
  { dataDir }: Pick<TestApp, 'dataDir'>,
  work: () => Promise<void>,
): Promise<void> => {
  using breaker = new DatabaseSync(join(dataDir, 'remanence.db'), { timeout: WAIT_MS_MAX })
  breaker.exec('ALTER TABLE runs RENAME TO lost_runs')
  try {
    await work()
  } finally {
    breaker.exec('ALTER TABLE lost_runs RENAME TO runs')
  }
}
