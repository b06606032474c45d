import type { ProjectUsageDay, UsageDay } from '@remanence/sdk'
import type { Command } from 'commander'
import { addClientOptions, type ClientOptions, connect } from '../connect.ts'
import { type Io, printJson } from '../io.ts'
import { painter } from '../terminal/paint.ts'
import { table } from '../terminal/table.ts'

type UsageFlags = ClientOptions & {
  readonly from?: string
  readonly to?: string
  readonly allProjects?: boolean
}

/** `remanence usage`: what was done on each day. */
export const usageCommand = (program: Command, io: Io): void => {
  const command = program
    .command('usage')
    .description('Show what was done on each day (UTC): runs, changes of memories, searches, tokens.')
    .summary('show usage per day')
    .option('--from <DAY>', 'first day, as 2026-11-01 (default: thirty days)')
    .option('--to <DAY>', 'last day (default: today)')
    .option('--all-projects', 'of every project of the server; needs a key with the scope operator')
  addClientOptions(command)
    .addHelpText('after', examples)
    .action(() => showUsage(io, command.optsWithGlobals<UsageFlags>()))
}

const showUsage = async (io: Io, flags: UsageFlags): Promise<void> => {
  const { from, to, allProjects = false, json } = flags
  const { usage } = connect(io, flags)
  const days: readonly (UsageDay | ProjectUsageDay)[] = allProjects
    ? await Array.fromAsync(usage.ofAllProjects({ from, to }))
    : await usage.get({ from, to })
  if (json) return printJson(io, { days })
  const busy = days.filter((day) => numbersOf(day).some((text) => text !== '0'))
  if (busy.length === 0) return io.err.write('nothing was done\n')
  const rows = busy.map((day) => [
    'projectId' in day ? `${day.day}  ${day.projectId}` : day.day,
    ...numbersOf(day),
  ])
  io.out.write(table(['DAY', ...head], rows, { paint: painter(io, io.out), columns: io.out.columns }))
}

const head = [
  'RUNS',
  'COMPLETED',
  'PARTIAL',
  'FAILED',
  'CANCELLED',
  'CREATED',
  'UPDATED',
  'DELETED',
  'SEARCHES',
  'TOKENS',
]

const numbersOf = ({ runs, operations, searches, tokens }: UsageDay): readonly string[] =>
  [
    runs.accepted,
    runs.completed,
    runs.partial,
    runs.failed,
    runs.cancelled,
    operations.created,
    operations.updated,
    operations.deleted,
    searches,
    tokens.input + tokens.output,
  ].map(String)

const examples = `
Examples:
  remanence usage
  remanence usage --from 2026-11-01 --to 2026-11-30 --json
  remanence usage --all-projects`
