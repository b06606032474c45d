import type { Command } from 'commander'
import { addClientOptions, type ClientOptions, connect } from '../connect.ts'
import { followRun, requireCompleted } from '../follow-run.ts'
import { CommandFailure, type Io, printJson } from '../io.ts'
import { oneLine } from '../terminal/paint.ts'

type EraseFlags = ClientOptions & { readonly yes?: boolean }

/** `remanence erase`: a user, for good. */
export const eraseCommand = (program: Command, io: Io): void => {
  const command = program
    .command('erase <user>')
    .description(
      'Erase a user for good: memories with their history, all runs with what was handed in, and the name. It cannot be taken back. Waits until nothing is left.',
    )
    .summary('erase a user for good')
    .option('--yes', 'really')
  addClientOptions(command)
    .addHelpText('after', examples)
    .action((userId: string) => erase(io, userId, command.optsWithGlobals<EraseFlags>()))
}

const erase = async (io: Io, userId: string, flags: EraseFlags): Promise<void> => {
  const name = oneLine(userId)
  if (!flags.yes) throw new CommandFailure(`erasing ${name} cannot be taken back: say so with --yes`, 2)
  const client = connect(io, flags)
  const { runId } = await client.users.erase(userId)
  const run = await followRun(io, client, runId)
  if (flags.json) printJson(io, run)
  requireCompleted(run)
  if (flags.json) return
  const { memories = 0, runs = 0 } = (run.result?.erased ?? {}) as { memories?: number; runs?: number } // safety: counts by kind
  io.out.write(`${name} is erased: ${memories} memories, ${runs} runs; nothing is left\n`)
}

const examples = `
Examples:
  remanence erase mara --yes
  remanence erase mara --yes --json | jq .result.erased`
