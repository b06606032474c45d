import type { Agent, AgentDefinition, AgentStatus } from '@remanence/sdk'
import { type Command, Option } from 'commander'
import { addClientOptions, type ClientOptions, connect } from '../connect.ts'
import { CommandFailure, type Io, printJson } from '../io.ts'
import { readCount } from '../option-values.ts'
import { readDefinition } from '../read-definition.ts'
import { facts } from '../terminal/facts.ts'
import { oneLine, painter } from '../terminal/paint.ts'
import { type Cell, table } from '../terminal/table.ts'
import { relativeTime } from '../terminal/time.ts'
import { addRunCommand } from './agent-run.ts'

/** `remanence agents`: models that work with the memory, to list, make, change, archive and run. */
export const agentsCommand = (program: Command, io: Io): void => {
  const command = program
    .command('agents')
    .description('List the agents of the project, or make, change and run them.')
    .summary('list, make, change and run agents')
  addClientOptions(command)
    .addHelpText('after', examples)
    .action(() => listAgents(io, command.optsWithGlobals<ListFlags>()))
  const list = command
    .command('list')
    .description('List the agents of the project, newest first.')
    .option('--archived', 'those that are archived, too')
    .action(() => listAgents(io, list.optsWithGlobals<ListFlags>()))
  const show = command
    .command('show <agent-id>')
    .description('Show an agent; with --json as create and update take it.')
    .action((id: string) => showAgent(io, id, show.optsWithGlobals<ClientOptions>()))
  const create = definitionOptions(
    command.command('create <name>').description('Make an agent. Needs a key with the scope admin.'),
  ).action((name: string) => createAgent(io, name, create.optsWithGlobals<DefinitionFlags>()))
  const update = definitionOptions(
    command
      .command('update <agent-id>')
      .description('Change an agent; what is not named stays as it is.')
      .option('--name <NAME>', 'its new name'),
  )
    .addOption(new Option('--status <STATUS>', 'whether it runs').choices(['active', 'inactive', 'archived']))
    .action((id: string) => updateAgent(io, id, update.optsWithGlobals<UpdateFlags>()))
  const archive = command
    .command('archive <agent-id>')
    .description('Archive an agent: it runs no more, and its runs stay.')
    .action((id: string) => archiveAgent(io, id, archive.optsWithGlobals<ClientOptions>()))
  addRunCommand(command, io)
}

const definitionOptions = (command: Command): Command =>
  command
    .option('--file <FILE>', 'JSON, as agents show --json prints it; - is standard input')
    .option('--instructions <TEXT>', 'what the model is told before all else')
    .option('--model <NAME>', 'name at its provider (default: the configured one)')
    .option('--max-steps <NUMBER>', 'calls to the model in one run', readCount)
    .option('--group <NAME>', 'whose memories it searches and adds to')

type ListFlags = ClientOptions & { readonly archived?: boolean }
type DefinitionFlags = ClientOptions & {
  readonly file?: string
  readonly instructions?: string
  readonly model?: string
  readonly maxSteps?: number
  readonly group?: string
}
type UpdateFlags = DefinitionFlags & { readonly name?: string; readonly status?: AgentStatus }

const listAgents = async (io: Io, flags: ListFlags): Promise<void> => {
  const { archived } = flags
  const agents = await Array.fromAsync(connect(io, flags).agents.list({ archived, limit: 100 }))
  if (flags.json) return printJson(io, { agents })
  if (agents.length === 0) return io.err.write('no agents\n')
  const rows = agents.map((agent): readonly Cell[] => [
    agent.id,
    oneLine(agent.name),
    statusCell(agent),
    oneLine(agent.model ?? 'default'),
    oneLine(agent.group),
    oneLine(agent.actions.map(({ name }) => name).join(' ')),
    relativeTime(agent.updatedAt, io.now()),
  ])
  const head = ['AGENT ID', 'NAME', 'STATUS', 'MODEL', 'GROUP', 'ACTIONS', 'CHANGED']
  io.out.write(table(head, rows, { paint: painter(io, io.out), columns: io.out.columns }))
}

const statusCell = ({ status }: Agent): Cell => [status, status === 'active' ? 'green' : 'yellow']

const showAgent = async (io: Io, id: string, flags: ClientOptions): Promise<void> => {
  const agent = await connect(io, flags).agents.get(id)
  if (flags.json) return printJson(io, agent)
  const lines = [
    ['agent', agent.id],
    ['name', oneLine(agent.name)],
    ['status', agent.status],
    ['model', oneLine(agent.model ?? 'the configured one')],
    ['steps', `at most ${agent.maxSteps}`],
    ['group', oneLine(agent.group)],
    ['conversations', agent.conversationMemory ? 'go on from what was said' : 'begin anew'],
    ['instructions', oneLine(agent.instructions)],
    ...agent.actions.map(
      (action) => ['action', oneLine(`${action.name} (${action.type}) ${action.description ?? ''}`)] as const,
    ),
    ['version', `${agent.version}, ${relativeTime(agent.updatedAt, io.now())}`],
  ] as const
  io.out.write(facts(painter(io, io.out), lines))
}

const createAgent = async (io: Io, name: string, flags: DefinitionFlags): Promise<void> => {
  // safety: the server refuses what is no definition
  const definition = { ...(await readDefinition(io, flags.file)), ...given(flags), name } as AgentDefinition
  const agent = await connect(io, flags).agents.create(definition)
  if (flags.json) return printJson(io, agent)
  io.out.write(`${agent.id}\n`)
  io.err.write(`agent ${oneLine(agent.name)} is made\n`)
}

const updateAgent = async (io: Io, id: string, flags: UpdateFlags): Promise<void> => {
  const { name, status } = flags
  const changes = {
    ...(await readDefinition(io, flags.file)),
    ...given(flags),
    ...(name !== undefined && { name }),
    ...(status !== undefined && { status }),
  }
  if (Object.keys(changes).length === 0) throw new CommandFailure('say what changes', 2)
  const agent = await connect(io, flags).agents.update(id, changes)
  if (flags.json) return printJson(io, agent)
  io.out.write(`agent ${id} is at version ${agent.version}\n`)
}

const given = ({ instructions, model, maxSteps, group }: DefinitionFlags): Partial<AgentDefinition> => ({
  ...(instructions !== undefined && { instructions }),
  ...(model !== undefined && { model }),
  ...(maxSteps !== undefined && { maxSteps }),
  ...(group !== undefined && { group }),
})

const archiveAgent = async (io: Io, id: string, flags: ClientOptions): Promise<void> => {
  await connect(io, flags).agents.archive(id)
  if (flags.json) return printJson(io, { id, archived: true })
  io.out.write(`agent ${id} is archived\n`)
}

const examples = `
Examples:
  remanence agents
  remanence agents create concierge --instructions 'Answer from what you remember.'
  remanence agents show 0199c2f1-6d3a-7c41-9c55-2f0d3b6c8e10 --json > concierge.json
  remanence agents update 0199c2f1-6d3a-7c41-9c55-2f0d3b6c8e10 --file concierge.json
  remanence agents run 0199c2f1-6d3a-7c41-9c55-2f0d3b6c8e10 'How many hives do I have?' --user mara`
