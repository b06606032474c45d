import type { Properties } from '../projects/scope.ts'

/** Roles a message may have. `tool` speaks for the world outside, `developer` and `system` instruct. */
export const roles = ['user', 'assistant', 'system', 'tool', 'developer'] as const
export type Role = (typeof roles)[number]

export type ToolCall = {
  readonly id: string
  readonly type: string
  readonly function?: { readonly name: string; readonly arguments: string }
  readonly custom?: { readonly name: string; readonly input: string }
}

export type Message = {
  readonly role: Role
  readonly content: string
  /** The caller's id of the message, shown in the sources of what came from it. */
  readonly id?: string
  /** Who speaks (any role), or the tool's name. */
  readonly name?: string
  /** When it was said, milliseconds since the epoch. */
  readonly createdAt?: number
  readonly toolCallId?: string
  readonly toolCalls?: readonly ToolCall[]
}

/** What an add hands in. Every text, item and conversation is one input of the run, numbered from 0. */
export type RunInput =
  | { readonly type: 'string'; readonly content: readonly string[]; readonly createdAt?: number }
  | {
      readonly type: 'pre_extracted'
      readonly items: readonly { readonly content: string; readonly topic: string }[]
    }
  | {
      readonly type: 'conversation'
      readonly messages: readonly Message[]
      readonly metadata?: Readonly<Record<string, unknown>>
      readonly createdAt?: number
    }

/** How many inputs a run works on; each succeeds or fails by itself. */
export const inputCount = (input: RunInput): number => {
  switch (input.type) {
    case 'string':
      return input.content.length
    case 'pre_extracted':
      return input.items.length
    case 'conversation':
      return 1
  }
}

/** Everything a worker needs to process a run, besides the run itself. */
export type RunPayload = { readonly input: RunInput; readonly properties: Properties }
