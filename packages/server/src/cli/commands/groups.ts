import type { Group, GroupDefinition, Scoping, TopicKind } from '@remanence/sdk'
import { type Command, Option } from 'commander'
import { addClientOptions, type ClientOptions, connect } from '../connect.ts'
import { CommandFailure, type Io, printJson } from '../io.ts'
import { readList } from '../option-values.ts'
import { readJsonFile } from '../read-json-file.ts'
import { oneLine, painter } from '../terminal/paint.ts'
import { table } from '../terminal/table.ts'

/** `remanence groups`: the groups of the project with their topics, to list, put and delete. */
export const groupsCommand = (program: Command, io: Io): void => {
  const command = program
    .command('groups')
    .description('List the groups of the project. To change them needs a key with the scope admin.')
    .summary('list, show, put and delete groups')
  addClientOptions(command)
    .addHelpText('after', examples)
    .action(() => listGroups(io, command.optsWithGlobals<ClientOptions>()))
  const show = command
    .command('show [name]')
    .description('Show the topics of a group.')
    .action((name: string | undefined) => showGroup(io, name, show.optsWithGlobals<ClientOptions>()))
  const put = command
    .command('put <name>')
    .description('Create a group, or replace its topics and its pipeline.')
    .option(
      '--file <FILE>',
      'JSON with topics and pipeline, as groups show --json prints it; - is standard input',
    )
    .option('--template <NAME>', 'a ready-made group instead')
    .action((name: string) => putGroup(io, name, put.optsWithGlobals<PutFlags>()))
  const remove = command
    .command('delete <name>')
    .description('Delete a group that holds neither memories nor runs that have not ended.')
    .action((name: string) => deleteGroup(io, name, remove.optsWithGlobals<ClientOptions>()))
  const putTopic = command
    .command('put-topic <group> <topic>')
    .description('Add a topic to a group, or replace it.')
    .requiredOption('--description <TEXT>', 'what belongs to it')
    .option('--bounded', 'keep one memory in a scope, rewritten in place')
    .option('--project-wide', 'share its memories among users')
    .option('--property <KEY>', 'scope it by a property; may be repeated', readList)
    .addOption(new Option('--kind <KIND>', 'keep statements of a kind').choices(topicKinds))
    .action((...[group, topic]: [string, string]) =>
      changeTopic(io, { group, topic }, putTopic.optsWithGlobals<TopicFlags>()),
    )
  const removeTopic = command
    .command('delete-topic <group> <topic>')
    .description('Remove a topic that holds no memories.')
    .action((...[group, topic]: [string, string]) =>
      deleteTopic(io, { group, topic }, removeTopic.optsWithGlobals<ClientOptions>()),
    )
}

// Here too because commands load nothing of what the server is made of; the type keeps it right.
const topicKinds: readonly TopicKind[] = ['identity', 'preference', 'episode', 'emotion', 'temporal', 'fact']

type PutFlags = ClientOptions & { readonly file?: string; readonly template?: string }
type TopicFlags = ClientOptions & {
  readonly description: string
  readonly bounded?: boolean
  readonly projectWide?: boolean
  readonly property?: readonly string[]
  readonly kind?: TopicKind
}
type TopicOfGroup = { readonly group: string; readonly topic: string }

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

const putGroup = async (io: Io, name: string, flags: PutFlags): Promise<void> => {
  const { file, template, json } = flags
  if ((file === undefined) === (template === undefined))
    throw new CommandFailure('say what the group is: either --file or --template', 2)
  const definition = template === undefined ? await readDefinition(io, file ?? '') : { template }
  const group = await connect(io, flags).groups.put(name, definition)
  if (json) return printJson(io, group)
  io.out.write(versionText(group))
}

/** What a file says of a group, less what the server itself says of it: so what was shown can be put again. */
const readDefinition = async (io: Io, file: string): Promise<GroupDefinition> => {
  const parsed = await readJsonFile(io, file)
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed))
    throw new CommandFailure(`${file} holds no group: it must be a JSON object`, 2)
  const told = ['groupId', 'group_id', 'name', 'scoping', 'version']
  // safety: the server refuses what is no group
  return Object.fromEntries(Object.entries(parsed).filter(([key]) => !told.includes(key))) as GroupDefinition
}

const deleteGroup = async (io: Io, name: string, flags: ClientOptions): Promise<void> => {
  await connect(io, flags).groups.delete(name)
  if (flags.json) return printJson(io, { name, deleted: true })
  io.out.write(`group ${oneLine(name)} is deleted\n`)
}

const changeTopic = async (io: Io, { group, topic }: TopicOfGroup, flags: TopicFlags): Promise<void> => {
  const { description, bounded = false, projectWide = false, property = [], kind } = flags
  const changed = await connect(io, flags).groups.putTopic(group, {
    topicName: topic,
    description,
    isBounded: bounded,
    scoping: { userScoped: !projectWide, scopeProperties: property },
    ...(kind !== undefined && { kind }),
  })
  if (flags.json) return printJson(io, changed)
  io.out.write(versionText(changed))
}

const deleteTopic = async (io: Io, { group, topic }: TopicOfGroup, flags: ClientOptions): Promise<void> => {
  await connect(io, flags).groups.deleteTopic(group, topic)
  if (flags.json) return printJson(io, { group, topic, deleted: true })
  io.out.write(`topic ${oneLine(topic)} is removed from group ${oneLine(group)}\n`)
}

const versionText = (group: Group): string =>
  `group ${oneLine(group.name)} is at version ${group.version}, with ${topicNames(group)}\n`

const topicNames = ({ topics }: Group): string => oneLine(topics.map((topic) => topic.topicName).join(', '))

const scopingText = ({ userScoped, scopeProperties }: Scoping): string =>
  [...(userScoped ? ['user'] : []), ...scopeProperties].join(', ') || 'project'

const examples = `
Examples:
  remanence groups
  remanence groups show default
  remanence groups put support --file support.json
  remanence groups put-topic support Orders --description 'What was ordered.'`
