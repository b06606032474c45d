import type { Scope } from '../projects/scope.ts'
import type { Role } from '../runs/input.ts'

/** Where a memory comes from: the passage of one input of one run. Instants are milliseconds since the epoch. */
export type Source = {
  readonly runId: string
  /** Number of the input within the run, from 0. */
  readonly input: number
  /** Position of the message within a conversation, from 0. */
  readonly message: number | null
  readonly messageId: string | null
  readonly role: Role | null
  readonly name: string | null
  readonly saidAt: number | null
}

/** One self-contained statement in one topic and scope. `version` counts from 1. */
export type Memory = {
  readonly memoryId: string
  readonly scope: Scope
  /** The user as first written by the caller, not folded; null for project-wide topics. */
  readonly userId: string | null
  readonly groupName: string
  readonly content: string
  readonly version: number
  readonly createdAt: number
  readonly updatedAt: number
  readonly sources: readonly Source[]
}
