import {
  type AcceptedRun,
  NotFoundError,
  type Remanence,
  type Run,
  type SteeringOptions,
} from '@remanence/sdk'
import { type Command, Option } from 'commander'
import { addClientOptions, type ClientOptions, connect } from '../connect.ts'
import { followRun, requireCompleted } from '../follow-run.ts'
import { CommandFailure, type Io, printJson } from '../io.ts'
import { readCount, readList, readProperties } from '../option-values.ts'
import { readInputs } from '../read-inputs.ts'
import { changes, runDurationMs, stateFormat } from '../terminal/describe-run.ts'
import { oneLine, painter } from '../terminal/paint.ts'
import { duration } from '../terminal/time.ts'
import { describeResult } from './run-undo.ts'

type AddFlags = ClientOptions & {
  readonly file?: readonly string[]
  readonly user?: string
  readonly group?: string
  readonly property?: Readonly<Record<string, string>>
  readonly wait?: boolean
  readonly dryRun?: boolean
  readonly tag?: readonly string[]
  readonly priority?: number
  readonly delay?: number
  readonly ttl?: number
  readonly timeout?: number
  readonly onConflict?: SteeringOptions['onConflict']
}

/** Memories of one run that are read back and shown. */
const shownCountMax = 10

/** `remanence add`: something to remember, from arguments, files or standard input. */
export const addCommand = (program: Command, io: Io): void => {
  const command = program
    .command('add')
    .description('Hand something in to be remembered, and see what comes of it.')
    .summary('remember something')
    .argument('[text...]', 'what to remember; - reads standard input')
    .option('--file <FILE>', 'a file, read by the server; may be given several times', readList)
    .option('--user <NAME>', 'whose memory it is')
    .option('--group <NAME>', 'group that takes it (default: default)')
    .option('--property <KEY=VALUE>', 'value of a scope property; may be given several times', readProperties)
    .option('--wait', 'wait until it is worked off (default on a terminal)')
    .option('--no-wait', 'only hand it in')
    .option('--dry-run', 'show what it would commit; `runs commit` commits that')
    .optionsGroup('How it is worked off:')
    .option('--tag <WORD>', 'a word to find the run by; may be given several times', readList)
    .option('--priority <NUMBER>', '1 to 100; of what waits the highest goes first (default: 0)', readCount)
    .option('--delay <SECONDS>', 'do not start it before', readCount)
    .option('--ttl <SECONDS>', 'cancel it unless it has started by then', readCount)
    .option('--timeout <SECONDS>', 'fail it unless it has ended so long after its start', readCount)
    .addOption(
      new Option(
        '--on-conflict <RULE>',
        'what to do while the user has open runs (default: enqueue)',
      ).choices(['enqueue', 'reject', 'supersede']),
    )
  addClientOptions(command)
    .addHelpText('after', examples)
    .action(async (texts: readonly string[]) => {
      const flags = command.optsWithGlobals<AddFlags>()
      const client = connect(io, flags)
      const show = (flags.wait ?? io.out.isTerminal) ? showEnd : showAccepted
      const { user: userId, group, property: properties, tag: tags, priority, delay, ttl, timeout } = flags
      const { onConflict, dryRun } = flags
      const options = { userId, group, properties, tags, priority, delay, ttl, timeout, onConflict, dryRun }
      let isEmpty = true
      for await (const input of readInputs(io, { texts, files: flags.file ?? [] })) {
        const { memories } = client
        const adding = input instanceof File ? memories.addFile(input, options) : memories.add(input, options)
        await show(await adding, { io, client, flags })
        isEmpty = false
      }
      if (isEmpty) throw new CommandFailure('nothing to add: give a text, --file or -', 2)
    })
}

type Context = { readonly io: Io; readonly client: Remanence; readonly flags: AddFlags }

const showAccepted = (run: AcceptedRun, { io, flags }: Context): void =>
  flags.json ? printJson(io, run) : io.out.write(`${run.runId}\n`)

const showEnd = async ({ runId }: AcceptedRun, context: Context): Promise<void> => {
  const run = await followRun(context.io, context.client, runId)
  if (context.flags.json) printJson(context.io, run)
  else if (run.outcome === 'planned')
    context.io.out.write(describeResult(run, painter(context.io, context.io.out)))
  else await printRun(run, context)
  requireCompleted(run)
}

const printRun = async (run: Run, { io, client, flags }: Context): Promise<void> => {
  const paint = painter(io, io.out)
  const end = `${paint(stateFormat(run.state), run.state)} in ${duration(runDurationMs(run) ?? 0)}`
  const changed = changes(run)
  io.out.write(`${changed === '' ? end : `${end}: ${changed}`}  ${paint('dim', run.runId)}\n`)
  const { created = [], updated = [] } = run.committedOperations ?? {}
  const signed = [...created.map((one) => ['+', one] as const), ...updated.map((one) => ['~', one] as const)]
  for (const [sign, { memoryId }] of signed.slice(0, shownCountMax)) {
    const content = await readContent(memoryId, { io, client, flags })
    io.out.write(`  ${paint(sign === '+' ? 'green' : 'yellow', sign)} ${content}\n`)
  }
  const rest = signed.length - shownCountMax
  if (rest > 0) io.out.write(paint('dim', `  and ${rest} more\n`))
}

const readContent = async (memoryId: string, { client, flags }: Context): Promise<string> => {
  try {
    const memory = await client.memories.get(memoryId, { userId: flags.user, group: flags.group })
    return oneLine(memory.content)
  } catch (error) {
    if (error instanceof NotFoundError) return '(deleted since)'
    throw error
  }
}

const examples = `
The server reads a file by what it is: PDF, DOCX, HTML, Markdown, CSV, JSON, e-mail or text. One that holds {"messages": […]} or
{"input": {…}} is handed in as the API takes it. Standard input is text, and split into its paragraphs.

Examples:
  remanence add "Mara keeps bees." --user mara
  remanence add --file minutes.pdf --file people.csv --user mara
  remanence add --file conversation.json --user mara
  git log -5 | remanence add - --user me --no-wait`
