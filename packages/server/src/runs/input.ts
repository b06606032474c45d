import type { AgentInput, ToolInput } from '../agents/agent-input.ts'
import type { CompactionWish } from '../conversations/compact-conversation.ts'
import type { Properties } from '../projects/scope.ts'
import type { MemoryFilter } from '../storage/storage.ts'
import type { TransferRecord } from '../storage/transfer.ts'
import type { RunFilter } from './run-filter.ts'

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

/** A file as it was handed in. All but its bytes are hints. */
export type DocumentFile = {
  readonly base64: string
  readonly filename: string | null
  readonly mediaType: string | null
}

/** One document: a text, or a file that is read when the run comes to it. Its parts become the inputs of the run. */
export type DocumentInput = {
  readonly type: 'document'
  readonly content: { readonly text: string } | { readonly file: DocumentFile }
  /** What its sender calls it: a format, or what kind of text it is. */
  readonly documentType?: string
  /** When it was written, milliseconds since the epoch; else when the file says. */
  readonly createdAt?: number
  /** It takes the place of what earlier runs with this tag have remembered. */
  readonly replaces?: string
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
  | DocumentInput

/** What is done to each of many runs. */
export type BulkAction = 'cancel' | 'retry' | 'replay'

export type BulkInput = {
  readonly type: 'bulk'
  readonly action: BulkAction
  readonly filter: RunFilter
  /** Of a cancellation. */
  readonly reason: string | null
}

/** Memories to be deleted. An erasure of a user has no filter: whom it is about is not kept with the run. */
export type RemovalInput =
  | { readonly type: 'delete'; readonly filter: MemoryFilter }
  | { readonly type: 'erase'; readonly filter: MemoryFilter | null }

export type UndoInput = {
  readonly type: 'undo'
  /** The run to take back. */
  readonly runId: string
  /** Memories that have changed since are taken back too. */
  readonly force: boolean
}

/** Records of an export, to be taken in. They go when that is done. */
export type ImportInput = { readonly type: 'import'; readonly records: readonly TransferRecord[] }

/** A conversation that is to be put in fewer words. */
export type CompactInput = { readonly type: 'compact' } & CompactionWish

/** What a maintenance run is to do. */
export type MaintenanceInput = BulkInput | RemovalInput | UndoInput | ImportInput | CompactInput

/** Whether it was handed in to be remembered. */
export const isRunInput = (input: RunPayload['input']): input is RunInput =>
  input.type === 'string' ||
  input.type === 'pre_extracted' ||
  input.type === 'conversation' ||
  input.type === 'document'

/** How many inputs a run works on; each succeeds or fails by itself. Of a document it is not known until it was read. */
export const inputCount = (input: RunPayload['input']): number => {
  switch (input.type) {
    case 'string':
      return input.content.length
    case 'pre_extracted':
      return input.items.length
    case 'conversation':
    case 'document':
    case 'bulk':
    case 'compact':
    case 'delete':
    case 'erase':
    case 'import':
    case 'undo':
    case 'agent':
    case 'tool':
      return 1
  }
}

/** Everything a worker needs to process a run, besides the run itself. */
export type RunPayload = {
  readonly input: RunInput | MaintenanceInput | AgentInput | ToolInput
  readonly properties: Properties
}
