import type { AgentRun, WebhookEventPattern } from '@remanence/sdk'
import type { Command } from 'commander'
import { type ClientOptions, connect } from '../connect.ts'
import { followRun, requireCompleted } from '../follow-run.ts'
import { CommandFailure, type Io, printJson } from '../io.ts'
import { readCount, readList, readProperties } from '../option-values.ts'
import { lines, painter } from '../terminal/paint.ts'

/** `remanence agents run`: asks an agent, shows how far it is, and prints its answer. */
export const addRunCommand = (agents: Command, io: Io): void => {
  const command = agents
    .command('run <agent-id> <message>')
    .description('Ask an agent, and print its answer. - as the message reads standard input.')
    .option('--user <NAME>', 'whose memories it sees and adds to')
    .option('--conversation <NAME>', 'goes on from what was said in it before')
    .option(
      '--input <NAME=VALUE>',
      'a text for a place in its instructions; may be given several times',
      readProperties,
    )
    .option('--property <KEY=VALUE>', 'value of a scope property; may be given several times', readProperties)
    .option('--max-steps <NUMBER>', 'calls to the model', readCount)
    .option('--max-tokens <NUMBER>', 'tokens of all calls', readCount)
    .option('--max-credits <AMOUNT>', 'what it may cost')
    .option('--timeout <SECONDS>', 'fail it unless it has ended so long after its start', readCount)
    .option('--webhook <URL>', 'told of this run; its secret is shown this once')
    .option(
      '--webhook-event <TYPE>',
      'what it is told of (default: all); may be given several times',
      readList,
    )
    .option('--no-wait', 'only begin it, and print the id of the run')
    .action((...[agentId, message]: [string, string]) =>
      runAgent(io, { agentId, message }, command.optsWithGlobals<RunFlags>()),
    )
}

type RunFlags = ClientOptions & {
  readonly user?: string
  readonly conversation?: string
  readonly input?: Readonly<Record<string, string>>
  readonly property?: Readonly<Record<string, string>>
  readonly maxSteps?: number
  readonly maxTokens?: number
  readonly maxCredits?: string
  readonly timeout?: number
  readonly webhook?: string
  readonly webhookEvent?: readonly WebhookEventPattern[]
  readonly wait: boolean
}

const runAgent = async (
  io: Io,
  { agentId, message }: { readonly agentId: string; readonly message: string },
  flags: RunFlags,
): Promise<void> => {
  const userMessage = message === '-' ? await io.readInput() : message
  if (userMessage.trim() === '') throw new CommandFailure('there is nothing to ask', 2)
  const { user: userId, conversation: conversationId, property: properties } = flags
  const { maxSteps, maxTokens, maxCredits, timeout } = flags
  const { input: inputs, webhook: url, webhookEvent: events } = flags
  if (url === undefined && events !== undefined)
    throw new CommandFailure('--webhook-event goes with --webhook', 2)
  const client = connect(io, flags)
  const webhook = url === undefined ? undefined : { url, events }
  const options = {
    inputs,
    webhook,
    userId,
    conversationId,
    properties,
    maxSteps,
    maxTokens,
    maxCredits,
    timeout,
  }
  const accepted = await client.agents.run(agentId, userMessage, options)
  if (accepted.webhook)
    io.err.write(`webhook ${accepted.webhook.webhookId}, secret ${accepted.webhook.secret}\n`)
  if (!flags.wait) {
    if (flags.json) printJson(io, accepted)
    else io.out.write(`${accepted.runId}\n`)
    return
  }
  await followRun(io, client, accepted.runId)
  const done = await client.agents.getRun(agentId, accepted.runId)
  if (flags.json) printJson(io, done)
  else printAnswer(io, done)
  requireCompleted(done.run)
}

/** The answer alone on standard output; what it took on standard error. */
const printAnswer = (io: Io, done: AgentRun): void => {
  const answer = done.finalOutput ?? done.partialOutput ?? ''
  if (answer !== '') io.out.write(`${lines(answer)}\n`)
  const { stepsExecuted, actionsUsed, tokensUsed, creditsUsed, stopReason } = done
  const bound = stopReason === 'final_answer' || stopReason === null ? '' : `; ended by ${stopReason}`
  const taken = `${stepsExecuted} steps, ${actionsUsed} actions, ${tokensUsed} tokens, ${creditsUsed} credits${bound}`
  io.err.write(`${painter(io, io.err)('dim', taken)}\n`)
}
