/** What an MCP server's answers and failures mean. */
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { StepError } from '../../kernel/step-error.ts'
import { TargetError } from '../../outbound/guarded-client.ts'
import type { SecretMask } from '../secret-mask.ts'
import type { ActionAnswer } from './action.ts'

/** `text` is all that was said; `data` what was said as a value. Of images and the like only the kind is told. */
export const readMcpResult = (
  { content, structuredContent, isError = false }: CallToolResult,
  mask: SecretMask,
): ActionAnswer => {
  const text = content.map(writeBlock).join('\n')
  const data = structuredContent === undefined ? {} : { data: structuredContent }
  return { output: mask.value({ text, ...data }), isError }
}

const writeBlock = (block: CallToolResult['content'][number]): string => {
  switch (block.type) {
    case 'text':
      return block.text
    case 'image':
    case 'audio':
      return `[${block.type}: ${block.mimeType}]`
    case 'resource_link':
      return `[${block.name}: ${block.uri}]`
    case 'resource':
      return 'text' in block.resource ? block.resource.text : `[resource: ${block.resource.uri}]`
  }
}

/** A StepError when another try may do better; else a sentence for whoever asked. */
export const readMcpFailure = (error: unknown, mask: SecretMask): StepError | string => {
  if (error instanceof StepError) return error
  const message = mask
    .text(error instanceof Error ? error.message : String(error))
    .slice(0, MESSAGE_LENGTH_MAX)
  if (error instanceof TargetError && error.reason === 'refused') return message
  const code = codeOf(error)
  if (isAnswered(code)) return message
  return new StepError(code === TOO_MANY ? 'rate_limited' : 'unreachable', message, { retryable: true })
}

const MESSAGE_LENGTH_MAX = 500
const TOO_MANY = 429
/** The server does not know the session any more; the next attempt has a new one. */
const NO_SESSION = 404

/** The library's errors have a code of JSON-RPC, which is far below 0, or the status of the answer; -1 is for an answer of another kind. */
const isAnswered = (code: number): boolean =>
  code < -1 || (code >= 400 && code < 500 && code !== TOO_MANY && code !== NO_SESSION)

const codeOf = (error: unknown): number =>
  error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : 0
