import type { RunStep, Spread } from '@remanence/sdk'
import { type Command, Option } from 'commander'
import { type ClientOptions, connect } from '../connect.ts'
import { type Io, printJson } from '../io.ts'
import { oneLine, painter } from '../terminal/paint.ts'
import { type Cell, table } from '../terminal/table.ts'
import { duration, relativeTime } from '../terminal/time.ts'

type StatsFlags = ClientOptions & { readonly window?: 'minute' | 'hour' | 'day' }
type StepsFlags = ClientOptions & { readonly output?: boolean }

/** `remanence runs stats` and `remanence runs steps`: what is told of runs besides themselves. */
export const addInsightCommands = (runs: Command, io: Io): void => {
  const stats = runs
    .command('stats')
    .description('Show how many runs are in which state, and how fast they went lately.')
    .addOption(new Option('--window <WINDOW>', 'only this window').choices(['minute', 'hour', 'day']))
    .action(() => showStats(io, stats.optsWithGlobals<StatsFlags>()))
  const steps = runs
    .command('steps <run>')
    .description('Show every attempt of every step of a run.')
    .option('--output', 'with what came out of each, as JSON')
    .action((runId: string) => showSteps(io, runId, steps.optsWithGlobals<StepsFlags>()))
}

const showStats = async (io: Io, flags: StatsFlags): Promise<void> => {
  const stats = await connect(io, flags).runs.stats({ window: flags.window })
  if (flags.json) return printJson(io, stats)
  const paint = painter(io, io.out)
  for (const [state, count] of Object.entries(stats.states))
    io.out.write(`${paint('dim', state.padEnd(16))}${count}\n`)
  const oldest = stats.oldestWaitingAt === null ? 'none' : relativeTime(stats.oldestWaitingAt, io.now())
  io.out.write(`${paint('dim', 'oldest waiting'.padEnd(16))}${oldest}\n\n`)
  const rows = stats.windows.map((one): readonly Cell[] => [
    one.window,
    `${one.sampled ? 'about ' : ''}${one.ended}`,
    one.runsPerSecond.toFixed(one.runsPerSecond < 10 ? 2 : 0),
    spread(one.waitingMs),
    spread(one.processingMs),
    spread(one.totalMs),
  ])
  const head = ['LAST', 'ENDED', 'A SECOND', 'WAITING P50/P95', 'PROCESSING', 'TOTAL']
  io.out.write(table(head, rows, { paint, columns: io.out.columns }))
}

const spread = (values: Spread | null): string =>
  values === null ? '' : `${duration(values.p50)} / ${duration(values.p95)}`

const showSteps = async (io: Io, runId: string, flags: StepsFlags): Promise<void> => {
  const steps = await connect(io, flags).runs.steps(runId, { includeOutput: flags.output })
  if (flags.json || flags.output) return printJson(io, { steps })
  const rows = steps.map((step): readonly Cell[] => [
    String(step.attempt),
    step.name,
    [step.status, step.status === 'completed' ? 'green' : step.status === 'running' ? 'cyan' : 'red'],
    step.startedAt,
    step.durationMs === null ? '' : duration(step.durationMs),
    step.inputs === null ? '' : String(step.inputs.count),
    step.outputs === null ? '' : String(step.outputs.count),
    oneLine(noteOf(step, io.now())),
  ])
  const head = ['ATTEMPT', 'STEP', 'STATUS', 'STARTED', 'TOOK', 'IN', 'OUT', 'NOTE']
  io.out.write(table(head, rows, { paint: painter(io, io.out), columns: io.out.columns }))
}

const noteOf = ({ error, retryAt, void: isVoid }: RunStep, now: number): string =>
  [
    error === null ? '' : `${error.code}: ${error.detail}`,
    retryAt === null ? '' : `again ${relativeTime(retryAt, now)}`,
    isVoid ? 'done anew' : '',
  ]
    .filter((text) => text !== '')
    .join('; ')
