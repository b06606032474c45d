import type { Command } from 'commander'
import { addClientOptions, type ClientOptions, connect } from '../connect.ts'
import { CommandFailure, type Io, printJson } from '../io.ts'
import { oneLine, painter } from '../terminal/paint.ts'
import { type Cell, table } from '../terminal/table.ts'
import { relativeTime } from '../terminal/time.ts'

/** `remanence triggers`: addresses that run agents and tools without an API key. */
export const triggersCommand = (program: Command, io: Io): void => {
  const command = program
    .command('triggers')
    .description('List the addresses that run agents and tools. Needs a key with the scope admin.')
    .summary('list, make and delete addresses that run agents')
  addClientOptions(command)
    .addHelpText('after', examples)
    .action(() => listTriggers(io, command.optsWithGlobals<ClientOptions>()))
  const create = command
    .command('create <name>')
    .description('Make a trigger. Its token is shown this once; its address is /webhooks/TOKEN.')
    .option('--agent <AGENT-ID>', 'what it runs')
    .option('--tool <TOOL-ID>', 'what it runs instead')
    .option('--signed', 'requests must be signed with the secret that standard input says')
    .action((name: string) => createTrigger(io, name, create.optsWithGlobals<CreateFlags>()))
  const remove = command
    .command('delete <trigger-id>')
    .description('Delete a trigger: its address runs nothing any more.')
    .action((id: string) => deleteTrigger(io, id, remove.optsWithGlobals<ClientOptions>()))
}

type CreateFlags = ClientOptions & {
  readonly agent?: string
  readonly tool?: string
  readonly signed?: boolean
}

const listTriggers = async (io: Io, flags: ClientOptions): Promise<void> => {
  const triggers = await connect(io, flags).triggers.list()
  if (flags.json) return printJson(io, { triggers })
  if (triggers.length === 0) return io.err.write('no triggers\n')
  const rows = triggers.map((trigger): readonly Cell[] => [
    trigger.triggerId,
    oneLine(trigger.name),
    `${trigger.prefix}…`,
    `${trigger.target.type} ${trigger.target.id}`,
    trigger.signed ? 'signed' : ['unsigned', 'yellow'],
    trigger.lastUsedAt === null ? 'never' : relativeTime(trigger.lastUsedAt, io.now()),
  ])
  const head = ['TRIGGER ID', 'NAME', 'TOKEN', 'RUNS', 'REQUESTS', 'LAST USED']
  io.out.write(table(head, rows, { paint: painter(io, io.out), columns: io.out.columns }))
}

const createTrigger = async (io: Io, name: string, flags: CreateFlags): Promise<void> => {
  const { agent, tool, signed } = flags
  if ((agent === undefined) === (tool === undefined))
    throw new CommandFailure('say what it runs: either --agent or --tool', 2)
  const target =
    agent === undefined
      ? ({ type: 'tool', id: tool ?? '' } as const)
      : ({ type: 'agent', id: agent } as const)
  const secret = signed ? (await io.readInput()).replace(/\r?\n$/, '') : undefined
  const created = await connect(io, flags).triggers.create({ name, target, secret })
  if (flags.json) return printJson(io, created)
  io.out.write(`${created.token}\n`)
  io.err.write(`trigger ${created.triggerId} is made; its token is shown this once\n`)
}

const deleteTrigger = async (io: Io, id: string, flags: ClientOptions): Promise<void> => {
  await connect(io, flags).triggers.delete(id)
  if (flags.json) return printJson(io, { triggerId: id, deleted: true })
  io.out.write(`trigger ${id} is deleted\n`)
}

const examples = `
Examples:
  remanence triggers create 'from the shop' --agent 0199c2f1-6d3a-7c41-9c55-2f0d3b6c8e10
  remanence triggers create 'from the shop' --tool 0199c2f1-6d3a-7c41-9c55-2f0d3b6c8e10 --signed < secret.txt`
