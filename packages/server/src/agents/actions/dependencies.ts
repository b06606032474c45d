import type { GuardedClient } from '../../outbound/guarded-client.ts'
import type { PipelineDependencies } from '../../pipeline/step.ts'
import type { Park } from '../../runs/worker.ts'
import type { Action } from './action.ts'

/** What actions work with, besides what every step may use. */
export type ActionDependencies = PipelineDependencies & {
  /** For what somebody else chose to have the server reach. */
  readonly client: GuardedClient
  /** Waits for another run without a place among those that are worked on. */
  readonly park: Park
}

/** What became of a spec: what may be called, and how to let go of what it needs. */
export type MadeActions = {
  readonly actions: readonly Action[]
  readonly close?: () => Promise<void>
}
