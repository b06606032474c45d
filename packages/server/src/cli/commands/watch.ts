import type { RunEvent } from '@remanence/sdk'
import type { Command } from 'commander'
import { addClientOptions, type ClientOptions, connect } from '../connect.ts'
import { requireCompleted } from '../follow-run.ts'
import { type Io, printJson } from '../io.ts'
import { eventDetails } from '../terminal/describe-run.ts'
import { type Paint, painter } from '../terminal/paint.ts'
import { duration } from '../terminal/time.ts'

/** `remanence watch`: the events of a run as they happen. */
export const watchCommand = (program: Command, io: Io): void => {
  const command = program
    .command('watch')
    .description('Follow a run until it has ended, one line per event. Exits 0 if it completed, else 1.')
    .summary('follow a run')
    .argument('<run>', 'id of the run')
  addClientOptions(command)
    .addHelpText('after', examples)
    .action(async (runId: string) => {
      const flags = command.optsWithGlobals<ClientOptions>()
      const client = connect(io, flags)
      let startedAt: number | null = null
      for await (const event of client.runs.follow(runId)) {
        startedAt ??= Date.parse(event.at)
        if (flags.json) printJson(io, event)
        else io.out.write(eventLine(event, { startedAt, paint: painter(io, io.out) }))
      }
      requireCompleted(await client.runs.get(runId))
    })
}

const eventLine = (event: RunEvent, { startedAt, paint }: { startedAt: number; paint: Paint }): string => {
  const since = duration(Date.parse(event.at) - startedAt).padStart(8)
  return `${paint('dim', since)}  ${event.type.padEnd(14)}  ${eventDetails(event)}`.trimEnd().concat('\n')
}

const examples = `
Examples:
  remanence watch 0199c2f1-6d3a-7c41-9c55-2f0d3b6c8e10
  remanence watch 0199c2f1-6d3a-7c41-9c55-2f0d3b6c8e10 --json`
