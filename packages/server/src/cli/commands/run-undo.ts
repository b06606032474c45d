import type { Run } from '@remanence/sdk'
import type { Command } from 'commander'
import { type ClientOptions, connect } from '../connect.ts'
import { requireCompleted } from '../follow-run.ts'
import { type Io, printJson } from '../io.ts'
import { changes, stateFormat } from '../terminal/describe-run.ts'
import { oneLine, type Paint, painter } from '../terminal/paint.ts'

type UndoFlags = ClientOptions & { readonly dryRun?: boolean; readonly force?: boolean }

/** What the result of an undo or of a dry run shows. */
type Shown = {
  readonly operations?: readonly {
    readonly kind: keyof typeof signs
    readonly memoryId: string
    readonly content?: string
    readonly previousContent?: string
  }[]
  readonly operationCount?: number
  readonly conflicts?: readonly {
    readonly memoryId: string
    readonly reason: string
    readonly forced: boolean
  }[]
  readonly conflictCount?: number
}

const signs = { create: ['+', 'green'], update: ['~', 'yellow'], delete: ['-', 'red'] } as const

/** `remanence runs undo` and `commit`: taking back what a run did, and letting a dry run do it. */
export const addUndoCommands = (runs: Command, io: Io): void => {
  const undo = runs
    .command('undo')
    .description(
      'Take back what a run committed, as a run of its own. Waits until it is done, and tells of conflicts.',
    )
    .argument('<run>', 'id of the run')
    .option('--dry-run', 'show what would be done, and do nothing')
    .option('--force', 'also where memories have changed since')
  undo.action(async (runId: string) => {
    const flags = { ...undo.optsWithGlobals<UndoFlags>(), ...undo.opts<UndoFlags>() }
    const client = connect(io, flags)
    const accepted = await client.runs.undo(runId, { dryRun: flags.dryRun, force: flags.force })
    const run = await client.runs.wait(accepted.runId, { timeoutMs: Number.POSITIVE_INFINITY })
    if (flags.json) printJson(io, run)
    else io.out.write(describeResult(run, painter(io, io.out)))
    requireCompleted(run)
  })
  const commit = runs
    .command('commit')
    .description('Commit what a dry run has planned: exactly that, or nothing.')
    .argument('<run>', 'id of the run')
  commit.action(async (runId: string) => {
    const flags = { ...commit.optsWithGlobals<ClientOptions>(), ...commit.opts<ClientOptions>() }
    const run = await connect(io, flags).runs.commit(runId)
    if (flags.json) return printJson(io, run)
    io.out.write(`${run.runId}  ${run.outcome}${changes(run) === '' ? '' : `: ${changes(run)}`}\n`)
  })
}

/** The operations and conflicts of an undo or a dry run, a line each, under a head. */
export const describeResult = (run: Run, paint: Paint): string => {
  const result = (run.result ?? {}) as Shown // safety: what such a run reports
  const { operations = [], operationCount = 0, conflicts = [], conflictCount = 0 } = result
  const counts = [
    run.outcome === 'planned' ? `${operationCount} planned` : changes(run) || 'nothing changed',
    ...(conflictCount > 0 ? [`conflicts ${conflictCount}`] : []),
  ]
  const lines = operations.map(({ kind, content, previousContent }) => {
    const [sign, format] = signs[kind]
    return `  ${paint(format, sign)} ${oneLine(content ?? previousContent ?? '')}`
  })
  const told = conflicts.map(({ memoryId, reason, forced }) => {
    const what = reason.replaceAll('_', ' ')
    return `  ${paint('red', '!')} ${memoryId}  ${what}${forced ? ', taken back by force' : ''}`
  })
  const rest = operationCount - operations.length + conflictCount - conflicts.length
  const more = rest > 0 ? [paint('dim', `  and ${rest} more`)] : []
  const head = `${paint(stateFormat(run.state), run.state)}: ${counts.join(', ')}  ${paint('dim', run.runId)}`
  return `${[head, ...lines, ...told, ...more].join('\n')}\n`
}
