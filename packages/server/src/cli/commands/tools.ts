import type { ToolDefinition } from '@remanence/sdk'
import type { Command } from 'commander'
import { addClientOptions, type ClientOptions, connect } from '../connect.ts'
import { followRun, requireCompleted } from '../follow-run.ts'
import { CommandFailure, type Io, printJson } from '../io.ts'
import { readProperties } from '../option-values.ts'
import { readDefinition } from '../read-definition.ts'
import { readJsonFile } from '../read-json-file.ts'
import { oneLine, painter } from '../terminal/paint.ts'
import { type Cell, table } from '../terminal/table.ts'
import { relativeTime } from '../terminal/time.ts'

/** `remanence tools`: fixed sequences of actions, to list, make, change, archive and run. */
export const toolsCommand = (program: Command, io: Io): void => {
  const command = program
    .command('tools')
    .description('List the tools of the project, or make, change and run them.')
    .summary('list, make, change and run tools')
  addClientOptions(command)
    .addHelpText('after', examples)
    .action(() => listTools(io, command.optsWithGlobals<ListFlags>()))
  const list = command
    .command('list')
    .description('List the tools of the project, newest first.')
    .option('--archived', 'those that are archived, too')
    .action(() => listTools(io, list.optsWithGlobals<ListFlags>()))
  const show = command
    .command('show <tool-id>')
    .description('Show a tool as JSON, as create and update take it.')
    .action(async (id: string) => {
      const flags = show.optsWithGlobals<ClientOptions>()
      const tool = await connect(io, flags).tools.get(id)
      if (flags.json) printJson(io, tool)
      else io.out.write(`${JSON.stringify(tool, null, 2)}\n`)
    })
  const create = command
    .command('create <name>')
    .description('Make a tool. Needs a key with the scope admin.')
    .requiredOption('--file <FILE>', 'JSON with its steps, parameters and output; - is standard input')
    .action((name: string) => createTool(io, name, create.optsWithGlobals<FileFlags>()))
  const update = command
    .command('update <tool-id>')
    .description('Change a tool; what the file does not name stays as it is.')
    .requiredOption('--file <FILE>', 'JSON, as tools show prints it; - is standard input')
    .action((id: string) => updateTool(io, id, update.optsWithGlobals<FileFlags>()))
  const archive = command
    .command('archive <tool-id>')
    .description('Archive a tool: it runs no more, and its runs stay.')
    .action((id: string) => archiveTool(io, id, archive.optsWithGlobals<ClientOptions>()))
  const run = command
    .command('run <tool-id>')
    .description('Run a tool, and print its output as JSON.')
    .option('--input <JSON>', 'an object that matches its parameters')
    .option('--file <FILE>', 'the same from a file; - is standard input')
    .option('--user <NAME>', 'whose memories it sees and adds to')
    .option('--property <KEY=VALUE>', 'value of a scope property; may be given several times', readProperties)
    .option('--no-wait', 'only begin it, and print the id of the run')
    .action((id: string) => runTool(io, id, run.optsWithGlobals<RunFlags>()))
}

type ListFlags = ClientOptions & { readonly archived?: boolean }
type FileFlags = ClientOptions & { readonly file: string }
type RunFlags = ClientOptions & {
  readonly input?: string
  readonly file?: string
  readonly user?: string
  readonly property?: Readonly<Record<string, string>>
  readonly wait: boolean
}

const listTools = async (io: Io, flags: ListFlags): Promise<void> => {
  const { archived } = flags
  const tools = await Array.fromAsync(connect(io, flags).tools.list({ archived, limit: 100 }))
  if (flags.json) return printJson(io, { tools })
  if (tools.length === 0) return io.err.write('no tools\n')
  const rows = tools.map((tool): readonly Cell[] => [
    tool.id,
    oneLine(tool.name),
    [tool.status, tool.status === 'active' ? 'green' : 'yellow'],
    oneLine(tool.steps.map(({ name }) => name).join(' ')),
    relativeTime(tool.updatedAt, io.now()),
    oneLine(tool.description),
  ])
  const head = ['TOOL ID', 'NAME', 'STATUS', 'STEPS', 'CHANGED', 'DESCRIPTION']
  io.out.write(table(head, rows, { paint: painter(io, io.out), columns: io.out.columns }))
}

const createTool = async (io: Io, name: string, flags: FileFlags): Promise<void> => {
  // safety: the server refuses what is no definition
  const definition = { ...(await readDefinition(io, flags.file)), name } as unknown as ToolDefinition
  const tool = await connect(io, flags).tools.create(definition)
  if (flags.json) return printJson(io, tool)
  io.out.write(`${tool.id}\n`)
  io.err.write(`tool ${oneLine(tool.name)} is made\n`)
}

const updateTool = async (io: Io, id: string, flags: FileFlags): Promise<void> => {
  const tool = await connect(io, flags).tools.update(id, await readDefinition(io, flags.file))
  if (flags.json) return printJson(io, tool)
  io.out.write(`tool ${id} is at version ${tool.version}\n`)
}

const archiveTool = async (io: Io, id: string, flags: ClientOptions): Promise<void> => {
  await connect(io, flags).tools.archive(id)
  if (flags.json) return printJson(io, { id, archived: true })
  io.out.write(`tool ${id} is archived\n`)
}

const runTool = async (io: Io, id: string, flags: RunFlags): Promise<void> => {
  const input = await readInput(io, flags)
  const client = connect(io, flags)
  const accepted = await client.tools.run(id, input, { userId: flags.user, properties: flags.property })
  if (!flags.wait) {
    if (flags.json) printJson(io, accepted)
    else io.out.write(`${accepted.runId}\n`)
    return
  }
  await followRun(io, client, accepted.runId)
  const done = await client.tools.getRun(id, accepted.runId)
  if (flags.json) printJson(io, done)
  else if (done.run.state === 'completed') io.out.write(`${JSON.stringify(done.output, null, 2)}\n`)
  requireCompleted(done.run)
}

const readInput = async (io: Io, flags: RunFlags): Promise<Readonly<Record<string, unknown>>> => {
  if (flags.input !== undefined && flags.file !== undefined)
    throw new CommandFailure('say the input once: either --input or --file', 2)
  const input =
    flags.file === undefined ? parseInput(flags.input ?? '{}') : await readJsonFile(io, flags.file)
  if (input === null || typeof input !== 'object' || Array.isArray(input))
    throw new CommandFailure('the input must be a JSON object', 2)
  return input as Readonly<Record<string, unknown>> // safety: an object with members, as checked above
}

const parseInput = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new CommandFailure(`--input is not valid JSON: ${error instanceof Error ? error.message : ''}`, 2)
  }
}

const examples = `
Examples:
  remanence tools
  remanence tools create 'look up' --file look-up.json
  remanence tools run 0199c2f1-6d3a-7c41-9c55-2f0d3b6c8e10 --input '{"query": "hives"}' --user mara`
