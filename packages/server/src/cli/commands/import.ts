import { createReadStream, existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Remanence } from '@remanence/sdk'
import type { Command } from 'commander'
import { addClientOptions, type ClientOptions, connect } from '../connect.ts'
import { CommandFailure, type Io, printJson } from '../io.ts'
import { createProgress } from '../terminal/progress.ts'

/** `remanence import`: a project from JSON Lines. */
export const importCommand = (program: Command, io: Io): void => {
  const command = program
    .command('import <file>')
    .description(
      'Take an export into the project of the key. What is there already stays as it is; what is in the way of something else is told, and the command ends with 1. The same file may be imported again, also after an interruption. Needs a key with the scope admin.',
    )
    .summary('take an export into a project')
  addClientOptions(command)
    .addHelpText('after', examples)
    .action((file: string) => importFrom(io, file, command.optsWithGlobals<ClientOptions>()))
}

type Totals = {
  readonly read: number
  readonly created: number
  readonly unchanged: number
  readonly conflicts: number
  readonly told: readonly { readonly cursor: string; readonly reason: string }[]
}

const nothing: Totals = { read: 0, created: 0, unchanged: 0, conflicts: 0, told: [] }

const importFrom = async (io: Io, name: string, flags: ClientOptions): Promise<void> => {
  const file = resolve(io.workingFolder, name)
  if (!existsSync(file)) throw new CommandFailure(`there is no file ${file}`)
  const { size } = await stat(file)
  const client = connect(io, flags)
  const progress = createProgress(io)
  let totals = nothing
  try {
    for await (const { lines, byteCount, lineNumber } of partsOf(file)) {
      const run = await client.data.importPart(lines).catch((error: unknown) => {
        if (lineNumber !== null) io.err.write(placeText(file, lineNumber))
        throw error
      })
      totals = add(totals, await ended(client, run.runId))
      progress.show(`${totals.read} records`, byteCount, size)
    }
  } finally {
    progress.end()
  }
  if (flags.json) printJson(io, totals)
  else io.out.write(`${totals.created} records taken in, ${totals.unchanged} were there already\n`)
  for (const { cursor, reason } of flags.json ? [] : totals.told) io.err.write(`  ${cursor}: ${reason}\n`)
  if (totals.conflicts > 0) throw new CommandFailure(`${totals.conflicts} records were not taken in`)
}

/** What a server says of lines is about those of the part. */
const placeText = (file: string, lineNumber: number): string =>
  `The lines before line ${lineNumber} of ${file} are taken in. What is told of line 2 is about that line, and so on:\n`

const ended = async (client: Remanence, runId: string): Promise<Totals> => {
  const run = await client.runs.wait(runId, { timeoutMs: RUN_MS_MAX })
  if (run.state !== 'completed')
    throw new CommandFailure(`run ${runId} ended ${run.state}: ${run.error ?? ''}`)
  return run.result as Totals // safety: what an import reports
}

/** Other imports may be before this one. */
const RUN_MS_MAX = 60 * 60_000

const add = (a: Totals, b: Totals): Totals => ({
  read: a.read + b.read,
  created: a.created + b.created,
  unchanged: a.unchanged + b.unchanged,
  conflicts: a.conflicts + b.conflicts,
  told: [...a.told, ...b.told].slice(0, TOLD_COUNT_MAX),
})

const TOLD_COUNT_MAX = 100

/** Characters and lines of one part: a run takes it in within moments. */
const PART_LENGTH_MAX = 2_000_000
const PART_LINE_COUNT_MAX = 2_000

type Part = {
  readonly lines: readonly string[]
  readonly byteCount: number
  /** In the file, of the first line after the one that all parts begin with; null in the first part, where lines have their own number. */
  readonly lineNumber: number | null
}

/** The file in parts that each begin with its first line, and how much of it has been read. */
async function* partsOf(file: string): AsyncGenerator<Part, void> {
  let [header, byteCount, length]: [string | null, number, number] = [null, 0, 0]
  let [lines, lineCount, lineNumber]: [string[], number, number | null] = [[], 0, null]
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    byteCount += Buffer.byteLength(line) + 1
    lineCount += 1
    if (header === null && line.trim() === '') continue
    if (header === null) header = line
    else {
      lines.push(line)
      length += line.length
    }
    if (length < PART_LENGTH_MAX && lines.length < PART_LINE_COUNT_MAX) continue
    yield { lines: [header, ...lines], byteCount, lineNumber }
    ;[lines, length, lineNumber] = [[], 0, lineCount + 1]
  }
  if (header === null) throw new CommandFailure(`${file} is empty`)
  yield { lines: [header, ...lines], byteCount, lineNumber }
}

const examples = `
Examples:
  remanence import project.jsonl
  remanence import project.jsonl --json | jq .conflicts`
