/**
 * The tools of an MCP server (Streamable HTTP). It is asked once an attempt what it offers, and each tool is an action of its own, whose
 * arguments the server checks again. What it says is told without the values of the secrets that were sent to it.
 */
import { MCP_CONNECT_MS_MAX } from '../../kernel/limits.ts'
import { StepError } from '../../kernel/step-error.ts'
import type { Attempt } from '../../pipeline/step.ts'
import { withinTime } from '../../pipeline/within-time.ts'
import type { ActionSpec } from '../action-spec.ts'
import { TemplateError } from '../template.ts'
import type { ActionAnswer, ActionCall } from './action.ts'
import type { ActionDependencies, MadeActions } from './dependencies.ts'
import { readMcpFailure, readMcpResult } from './mcp-answer.ts'
import { type McpConnection, openMcpConnection } from './mcp-connection.ts'
import { listMcpTools, type McpTool } from './mcp-tools.ts'
import { readUsedSecrets, type UsedSecrets } from './secrets.ts'

type Spec = Extract<ActionSpec, { type: 'mcp' }>

type Serving = {
  readonly dependencies: ActionDependencies
  readonly connection: McpConnection
  readonly secrets: UsedSecrets
}

/** Throws StepError. */
export const mcpActions = async (
  dependencies: ActionDependencies,
  attempt: Attempt,
  spec: Spec,
): Promise<MadeActions> => {
  const secrets = await readUsedSecrets(attempt, [spec.url, spec.headers])
  const connection = await open(dependencies, spec, secrets)
  const timeoutMs = Math.min(MCP_CONNECT_MS_MAX, dependencies.limits.stepTimeoutMs)
  try {
    const tools = await withinTime(timeoutMs, attempt.signal, async (signal) => {
      const options = withLongerTimeout(signal, timeoutMs)
      await connection.connect(options)
      return connection.guard(listMcpTools(connection.client, spec, options))
    })
    const serving = { dependencies, connection, secrets }
    return {
      actions: tools.map((tool) => ({
        name: tool.actionName,
        description: tool.description,
        parameters: tool.parameters,
        perform: (call) => callTool(serving, tool, call),
      })),
      close: connection.close,
    }
  } catch (error) {
    await connection.close()
    attempt.signal.throwIfAborted()
    const failure = readMcpFailure(error, secrets.mask)
    throw failure instanceof StepError ? failure : new StepError('invalid_action', failure)
  }
}

const open = async (
  { client }: ActionDependencies,
  spec: Spec,
  { values }: UsedSecrets,
): Promise<McpConnection> => {
  try {
    return await openMcpConnection(client, spec, { secrets: values })
  } catch (error) {
    throw error instanceof TemplateError ? new StepError('invalid_action', error.message) : error
  }
}

const callTool = async (
  { dependencies: { limits }, connection, secrets: { mask } }: Serving,
  tool: McpTool,
  call: ActionCall,
): Promise<ActionAnswer> => {
  const timeoutMs = limits.stepTimeoutMs
  try {
    const result = await withinTime(timeoutMs, call.signal, (signal) =>
      connection.call({ name: tool.name, arguments: call.arguments }, withLongerTimeout(signal, timeoutMs)),
    )
    return readMcpResult(result, mask)
  } catch (error) {
    call.signal.throwIfAborted()
    const failure = readMcpFailure(error, mask)
    if (failure instanceof StepError) throw failure
    return { output: { error: failure }, isError: true }
  }
}

/** The library has a time limit of its own, which must not come before ours: its error could be one of the server's. */
const withLongerTimeout = (signal: AbortSignal, timeoutMs: number) => ({ signal, timeout: 2 * timeoutMs })
