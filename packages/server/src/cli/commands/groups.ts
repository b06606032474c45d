import type { Group, Scoping } from '@remanence/sdk'
import type { Command } from 'commander'
import { addClientOptions, type ClientOptions, connect } from '../connect.ts'
import { type Io, printJson } from '../io.ts'
import { oneLine, painter } from '../terminal/paint.ts'
import { table } from '../terminal/table.ts'

/** `remanence groups`: the groups of the project, or the topics of one. */
export const groupsCommand = (program: Command, io: Io): void => {
  const command = program
    .command('groups')
    .description('List the groups of the project.')
    .summary('list groups, or show one')
  addClientOptions(command)
    .addHelpText('after', examples)
    .action(() => listGroups(io, command.optsWithGlobals<ClientOptions>()))
  const show = command
    .command('show [name]')
    .description('Show the topics of a group.')
    .action((name: string | undefined) => showGroup(io, name, show.optsWithGlobals<ClientOptions>()))
}

const listGroups = async (io: Io, flags: ClientOptions): Promise<void> => {
  const groups = await connect(io, flags).groups.list()
  if (flags.json) return printJson(io, { groups })
  const rows = groups.map((group) => [group.name, scopingText(group.scoping), topicNames(group)])
  const head = ['GROUP', 'SCOPED BY', 'TOPICS']
  io.out.write(table(head, rows, { paint: painter(io, io.out), columns: io.out.columns }))
}

const showGroup = async (io: Io, name: string | undefined, flags: ClientOptions): Promise<void> => {
  const group = await connect(io, flags).groups.get(name)
  if (flags.json) return printJson(io, group)
  const rows = group.topics.map((topic) => [
    topic.topicName,
    scopingText(topic.scoping),
    topic.isBounded ? 'one' : 'many',
    oneLine(topic.description),
  ])
  const head = ['TOPIC', 'SCOPED BY', 'MEMORIES', 'DESCRIPTION']
  io.out.write(table(head, rows, { paint: painter(io, io.out), columns: io.out.columns }))
}

const topicNames = ({ topics }: Group): string => topics.map((topic) => topic.topicName).join(', ')

const scopingText = ({ userScoped, scopeProperties }: Scoping): string =>
  [...(userScoped ? ['user'] : []), ...scopeProperties].join(', ') || 'project'

const examples = `
Examples:
  remanence groups
  remanence groups show default`
