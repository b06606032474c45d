/** The part of the storage seam for agents, tools, triggers, secrets and credits. */
import type { Agent } from '../agents/agent.ts'
import type { CreditAccount, CreditCaps, CreditRates, CreditTransaction } from '../agents/credits.ts'
import type { Tool } from '../agents/tool.ts'
import type { Trigger } from '../agents/trigger.ts'
import type { Page } from './storage.ts'

/** `moved`: it is at another version than was expected, or gone. `group_gone`: the project has no such group. */
export type PutResult<Kept> =
  | { readonly kind: 'put'; readonly value: Kept }
  | { readonly kind: 'moved' | 'full' | 'group_gone' }

/** Agents, or tools: each put makes the next version, counted from 1. */
export type Definitions<Kept extends { readonly version: number }> = {
  readonly get: (id: string) => Promise<Kept | null>
  /** Newest first, by creation; without those that are archived unless asked for. */
  readonly list: (params: {
    limit: number
    cursor: string | null
    withArchived: boolean
  }) => Promise<Page<Kept>>
  /** Creates it when `expectedVersion` is 0. `full`: the project has `countMax` that are not archived. */
  readonly put: (params: {
    value: Omit<Kept, 'version' | 'updatedAt'>
    expectedVersion: number
    countMax: number
    now: number
  }) => Promise<PutResult<Kept>>
}

export type AgentStorage = {
  readonly agents: Definitions<Agent>
  readonly tools: Definitions<Tool>

  readonly listTriggers: () => Promise<readonly Trigger[]>
  readonly createTrigger: (params: {
    trigger: Trigger
    tokenHash: string
    countMax: number
  }) => Promise<boolean>
  readonly removeTrigger: (triggerId: string) => Promise<boolean>
  readonly touchTrigger: (params: { triggerId: string; now: number }) => Promise<void>

  /** Names only: nothing answers a value but the actions that use it. */
  readonly listSecrets: () => Promise<readonly { readonly name: string; readonly updatedAt: number }[]>
  readonly putSecret: (params: {
    name: string
    value: string
    countMax: number
    now: number
  }) => Promise<boolean>
  readonly removeSecret: (name: string) => Promise<boolean>
  readonly readSecrets: (names: readonly string[]) => Promise<ReadonlyMap<string, string>>

  /** With what was used in the month that begins at this instant. */
  readonly getCredits: (params: { monthStartAt: number }) => Promise<CreditAccount>
  readonly setCredits: (params: { rates?: CreditRates; caps?: CreditCaps }) => Promise<void>
  /** Adds to the balance, or with null ends counting it down; a balance that was not counted begins at 0. */
  readonly grantCredits: (params: { amount: string | null; now: number }) => Promise<void>
  /** Newest first. */
  readonly listCreditTransactions: (params: {
    runId: string | null
    kind: CreditTransaction['kind'] | null
    limit: number
    cursor: string | null
  }) => Promise<Page<CreditTransaction>>
}

/** Across projects: whoever calls an address with a token is known by nothing else. */
export type TriggerLookup = {
  readonly findTrigger: (
    tokenHash: string,
  ) => Promise<{ readonly projectId: string; readonly trigger: Trigger } | null>
}
