/** What the contract tests need to know of each operation: what a stranger tries and gets, and bodies that are good. */
import type { KeyScope } from '../../projects/project.ts'
import type { Answer } from '../test-app.ts'

/** What the first project owns, by id. */
export type Owned = {
  readonly run: string
  readonly memory: string
  readonly group: string
  readonly key: string
  readonly project: string
  readonly webhook: string
  readonly delivery: string
  readonly conversation: string
  readonly agent: string
  readonly tool: string
  readonly trigger: string
}

export type Attempt = { readonly path?: string; readonly body?: object; readonly expected: object }

export type OperationContract = {
  /** What a key must be allowed to do; absent where any key will do, or none. */
  readonly scope?: KeyScope
  /** Requests with the key of another project, on what the first one owns. */
  readonly stranger: (owned: Owned) => readonly Attempt[]
  /** Bodies that would be accepted, with as many members as there are; every operation that takes a body needs one. */
  readonly goodBodies?: readonly object[]
}

/** By the operation's name: `GET /v1/runs/{run_id}`. */
export type Contracts = Readonly<Record<string, OperationContract>>

export const nothing = (code: string, status: number): Partial<Answer<object>> => ({
  status,
  body: { status, code },
})

/** The input of an add with one finished statement. */
export const item = (content: string) => ({ pre_extracted: { items: [{ content, topic: 'UserKnowledge' }] } })
