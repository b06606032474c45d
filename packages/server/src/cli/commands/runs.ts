import type { Run } from '@remanence/sdk'
import type { Command } from 'commander'
import { addClientOptions, type ClientOptions, connect } from '../connect.ts'
import { type Io, printJson } from '../io.ts'
import { readCount } from '../option-values.ts'
import { changes, runDurationMs, stateFormat } from '../terminal/describe-run.ts'
import { oneLine, painter } from '../terminal/paint.ts'
import { type Cell, table } from '../terminal/table.ts'
import { duration, relativeTime } from '../terminal/time.ts'
import { addFilterOptions, filterOf, type RunFilterFlags } from './run-filter.ts'
import { addInsightCommands } from './run-insight.ts'
import { addSteeringCommands } from './run-steering.ts'
import { addUndoCommands } from './run-undo.ts'

type RunsFlags = ClientOptions &
  RunFilterFlags & {
    readonly limit?: number
  }

/** `remanence runs`: the latest runs, or one of them in full. */
export const runsCommand = (program: Command, io: Io): void => {
  const command = program
    .command('runs')
    .description('List the latest runs, newest first.')
    .summary('list runs, or show one')
    .option('--limit <COUNT>', 'how many to list (default: 20)', readCount)
  addFilterOptions(command)
  addClientOptions(command)
    .addHelpText('after', examples)
    .action(() => listRuns(io, command.optsWithGlobals<RunsFlags>()))
  addInsightCommands(command, io)
  const get = command
    .command('get <run>')
    .description('Show one run in full.')
    .action((runId: string) => showRun(io, runId, get.optsWithGlobals<ClientOptions>()))
  addSteeringCommands(command, io)
  addUndoCommands(command, io)
}

const listRuns = async (io: Io, flags: RunsFlags): Promise<void> => {
  const { json, limit = 20 } = flags
  const runs: Run[] = []
  const list = connect(io, flags).runs.list({ ...filterOf(io, flags), limit: Math.min(limit, 100) })
  for await (const run of list) if (runs.push(run) >= limit) break
  if (json) return printJson(io, { runs })
  if (runs.length === 0) return io.err.write('no runs\n')
  const rows = runs.map((run): readonly Cell[] => [
    run.runId,
    [run.state, stateFormat(run.state)],
    run.inputType,
    oneLine(run.userId ?? ''),
    relativeTime(run.createdAt, io.now()),
    tookText(run),
    [changes(run), oneLine(run.error ?? '')].filter((text) => text !== '').join('; '),
  ])
  const head = ['RUN', 'STATE', 'INPUT', 'USER', 'ACCEPTED', 'TOOK', 'CHANGES']
  io.out.write(table(head, rows, { paint: painter(io, io.out), columns: io.out.columns }))
}

const showRun = async (io: Io, runId: string, flags: ClientOptions): Promise<void> => {
  const run = await connect(io, flags).runs.get(runId)
  if (flags.json) return printJson(io, run)
  const paint = painter(io, io.out)
  const { created = [], updated = [], deleted = [] } = run.committedOperations ?? {}
  const facts: readonly (readonly [string, string])[] = [
    ['run', run.runId],
    ['state', paint(stateFormat(run.state), run.state)],
    ['error', oneLine(run.error ?? '')],
    ['outcome', run.outcome ?? ''],
    ['waiting', waitingText(run, io.now())],
    ['attempt', run.attempt > 1 ? String(run.attempt) : ''],
    ['input', `${run.inputType}, ${run.counts.inputs} in all, ${run.counts.candidates} candidates`],
    ['failed inputs', run.counts.failedInputs > 0 ? String(run.counts.failedInputs) : ''],
    ['user', oneLine(run.userId ?? '')],
    ['accepted', `${run.createdAt} (${relativeTime(run.createdAt, io.now())})`],
    ['took', tookText(run)],
    ['changes', changes(run)],
    ...created.map(({ memoryId }) => ['  created', memoryId] as const),
    ...updated.map(({ memoryId }) => ['  updated', memoryId] as const),
    ...deleted.map(({ memoryId }) => ['  deleted', memoryId] as const),
  ]
  for (const [name, text] of facts.filter(([, text]) => text !== '')) {
    io.out.write(`${paint('dim', name.padEnd(14))}${text}\n`)
  }
}

const waitingText = ({ waiting }: Run, now: number): string => {
  switch (waiting?.reason) {
    case undefined:
      return ''
    case 'queue':
      return 'for its turn'
    case 'delay':
    case 'retry':
      return `${waiting.reason} ${relativeTime(waiting.until, now)}`
    case 'buffer': {
      const { step, count, trigger, flushAt } = waiting
      const runs = trigger.count === undefined ? `${count}` : `${count} of ${trigger.count}`
      return `in the buffer ${oneLine(step)}, ${runs} runs${flushAt === null ? '' : `, goes on ${relativeTime(flushAt, now)}`}`
    }
  }
}

const tookText = (run: Run): string => {
  const ms = runDurationMs(run)
  return ms === null ? '' : duration(ms)
}

const examples = `
Examples:
  remanence runs --state failed --since 24h
  remanence runs --error timeout --user mara
  remanence runs retry 0199c2f1-6d3a-7c41-9c55-2f0d3b6c8e10
  remanence runs get 0199c2f1-6d3a-7c41-9c55-2f0d3b6c8e10
  remanence runs --json | jq '.runs[].state'`
