import type { Command } from 'commander'
import { addClientOptions, type ClientOptions, connect } from '../connect.ts'
import { followRun, requireCompleted } from '../follow-run.ts'
import { CommandFailure, type Io, printJson } from '../io.ts'
import { readList, readProperties } from '../option-values.ts'

type DeleteFlags = ClientOptions & {
  readonly user?: string
  readonly group?: string
  readonly topic?: readonly string[]
  readonly property?: Readonly<Record<string, string>>
  readonly erase?: boolean
  readonly yes?: boolean
}

/** `remanence delete`: the memories that a filter admits. */
export const deleteCommand = (program: Command, io: Io): void => {
  const command = program
    .command('delete')
    .description(
      'Delete the memories that a filter admits. Their history stays, unless they are erased. Waits until it is done.',
    )
    .summary('delete memories by a filter')
    .option('--user <NAME>', 'whose memories')
    .option('--group <NAME>', 'group (default: default)')
    .option('--topic <NAME>', 'only of this topic; may be given several times', readList)
    .option(
      '--property <KEY=VALUE>',
      'only with this scope property; may be given several times',
      readProperties,
    )
    .option('--erase', 'leave no history and no inputs; it cannot be taken back')
    .option('--yes', 'really, with --erase')
  addClientOptions(command)
    .addHelpText('after', examples)
    .action(() => deleteMemories(io, command.optsWithGlobals<DeleteFlags>()))
}

const deleteMemories = async (io: Io, flags: DeleteFlags): Promise<void> => {
  if (flags.erase && !flags.yes)
    throw new CommandFailure('erasing cannot be taken back: say so with --yes', 2)
  const client = connect(io, flags)
  const { runId } = await client.memories.deleteMany({
    userId: flags.user,
    group: flags.group,
    topics: flags.topic,
    properties: flags.property,
    erase: flags.erase,
  })
  const run = await followRun(io, client, runId)
  if (flags.json) printJson(io, run)
  requireCompleted(run)
  if (flags.json) return
  const { erased, deleted } = (run.result ?? {}) as { deleted?: number; erased?: { memories?: number } } // safety: what the run reports
  io.out.write(
    flags.erase ? `${erased?.memories ?? 0} memories erased\n` : `${deleted ?? 0} memories deleted\n`,
  )
}

const examples = `
Examples:
  remanence delete --user mara --topic UserKnowledge
  remanence delete --user mara --group journal --property conversation_id=c-1
  remanence delete --user mara --erase --yes`
