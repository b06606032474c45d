import type { Clock } from '../kernel/clock.ts'
import type { Ids } from '../kernel/ids.ts'
import type { Limits } from '../kernel/limits.ts'
import { problem } from '../kernel/problem.ts'
import type { ProjectStorage } from '../storage/storage.ts'
import type { KeyScope } from './project.ts'

/** What an operation works with: the one project its caller may touch, and what is passed in to every operation. */
export type Access = {
  readonly keyId: string
  readonly scopes: readonly KeyScope[]
  readonly storage: ProjectStorage
  readonly clock: Clock
  readonly ids: Ids
  readonly limits: Limits
  /** Tells the worker that a run was accepted. */
  readonly wakeWorker: () => void
  /** Tells the worker that a run it may have in hand is to end. */
  readonly abortRun: (runId: string) => void
  /** The trace that the caller's request belongs to, and so do the runs it makes. */
  readonly traceparent: string | null
  /** The API that the request came through: `native`, or the name of a wire. */
  readonly wire: string
}

/** Throws Problem `forbidden`. */
export const requireScope = (access: Pick<Access, 'scopes'>, scope: KeyScope): void => {
  if (!access.scopes.includes(scope))
    throw problem('forbidden', `This needs a key with the scope "${scope}".`)
}
