import type { ProjectEvent, RunEvent, RunEventType } from '@remanence/sdk'
import type { Command } from 'commander'
import { addClientOptions, type ClientOptions, connect } from '../connect.ts'
import { requireCompleted } from '../follow-run.ts'
import { CommandFailure, type Io, printJson } from '../io.ts'
import { readList } from '../option-values.ts'
import { eventDetails } from '../terminal/describe-run.ts'
import { oneLine, painter } from '../terminal/paint.ts'
import { duration } from '../terminal/time.ts'

type WatchFlags = ClientOptions & {
  readonly all?: boolean
  readonly user?: string
  readonly tag?: string
  readonly type?: readonly RunEventType[]
  readonly after?: number
}

/** `remanence watch`: the events of a run, or of all runs, as they happen. */
export const watchCommand = (program: Command, io: Io): void => {
  const command = program
    .command('watch')
    .description(
      'Follow a run until it has ended, one line per event: exits 0 if it completed, else 1. With --all follow every run of the project, until stopped.',
    )
    .summary('follow a run, or all')
    .argument('[run]', 'id of the run')
    .option('--all', 'follow all runs of the project')
    .option('--user <NAME>', 'with --all: only runs of this user')
    .option('--tag <TAG>', 'with --all: only runs with this tag')
    .option('--type <TYPE>', 'with --all: only events of this type; may be given several times', readList)
    .option('--after <NUMBER>', 'only later events: 0 begins with the first', readPlace)
  addClientOptions(command)
    .addHelpText('after', examples)
    .action(async (runId: string | undefined) => {
      const flags = command.optsWithGlobals<WatchFlags>()
      const { all = false, user, tag, type } = flags
      if (all === (runId !== undefined)) throw new CommandFailure('name one run to watch, or give --all', 2)
      if (runId === undefined) return watchAll(io, flags)
      if ([user, tag, type].some((filter) => filter !== undefined))
        throw new CommandFailure('--user, --tag and --type go with --all', 2)
      return watchRun(io, runId, flags)
    })
}

const watchRun = async (io: Io, runId: string, flags: WatchFlags): Promise<void> => {
  const client = connect(io, flags)
  let startedAt: number | null = null
  for await (const event of client.runs.follow(runId, { after: flags.after })) {
    startedAt ??= Date.parse(event.at)
    const since = duration(Date.parse(event.at) - startedAt).padStart(8)
    printEvent(io, event, { flags, head: since })
  }
  requireCompleted(await client.runs.get(runId))
}

const watchAll = async (io: Io, flags: WatchFlags): Promise<void> => {
  const signal = io.stopSignal()
  const { user: userId, tag, type: types, after } = flags
  const events = connect(io, flags).events.follow({ userId, tag, types, after, signal })
  try {
    for await (const event of events) printEvent(io, event, { flags, head: headOf(event) })
  } catch (error) {
    if (!signal.aborted) throw error // being stopped is how this ends
  }
}

const headOf = ({ at, runId, userId }: ProjectEvent): string =>
  [at, runId, oneLine(userId ?? '-').padEnd(12)].join('  ')

const printEvent = (io: Io, event: RunEvent, { flags, head }: { flags: WatchFlags; head: string }): void => {
  const text = `${event.type.padEnd(14)}  ${eventDetails(event)}`.trimEnd()
  if (flags.json) printJson(io, event)
  else io.out.write(`${painter(io, io.out)('dim', head)}  ${text}\n`)
}

const readPlace = (text: string): number => {
  if (!/^\d{1,15}$/.test(text)) throw new CommandFailure('--after must be a number of an event, from 0', 2)
  return Number(text)
}

const examples = `
Examples:
  remanence watch 0199c2f1-6d3a-7c41-9c55-2f0d3b6c8e10
  remanence watch --all --user mara
  remanence watch --all --type run.failed --type run.partial --json`
