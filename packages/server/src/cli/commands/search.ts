import type { FoundMemory, RetrievalType } from '@remanence/sdk'
import { type Command, Option } from 'commander'
import { addClientOptions, type ClientOptions, connect } from '../connect.ts'
import { type Io, printJson } from '../io.ts'
import { readCount, readList, readProperties } from '../option-values.ts'
import { oneLine, type Paint, painter } from '../terminal/paint.ts'
import { relativeTime } from '../terminal/time.ts'

type SearchFlags = ClientOptions & {
  readonly user?: string
  readonly group?: string
  readonly topic?: readonly string[]
  readonly property?: Readonly<Record<string, string>>
  readonly type?: RetrievalType
  readonly limit?: number
  readonly asOf?: string
}

/** `remanence search`: the memories that fit a question best. */
export const searchCommand = (program: Command, io: Io): void => {
  const command = program
    .command('search')
    .description('Find the memories that fit a question best.')
    .summary('find memories')
    .argument('<query>', 'the question, in your own words')
    .option('--user <NAME>', 'whose memories')
    .option('--group <NAME>', 'group to search (default: default)')
    .option('--topic <NAME>', 'only this topic; may be given several times', readList)
    .option(
      '--property <KEY=VALUE>',
      'only this value of a scope property; may be given several times',
      readProperties,
    )
    .addOption(
      new Option('--type <TYPE>', 'how to search (default: hybrid)').choices([
        'hybrid',
        'vector',
        'bm25',
        'fetch',
      ]),
    )
    .option('--limit <COUNT>', 'how many to find at most, up to 100 (default: 10)', readCount)
    .option('--as-of <TIME>', 'what was there then, in RFC 3339, e.g. 2026-11-01T08:00:00Z')
  addClientOptions(command)
    .addHelpText('after', examples)
    .action(async (query: string) => {
      const flags = command.optsWithGlobals<SearchFlags>()
      const result = await connect(io, flags).memories.search(query, {
        userId: flags.user,
        group: flags.group,
        topics: flags.topic,
        properties: flags.property,
        retrieval: flags.type,
        limit: flags.limit,
        asOf: flags.asOf,
      })
      if (flags.json) return printJson(io, result)
      const paint = painter(io, io.out)
      for (const memory of result.memories) io.out.write(describe(memory, paint, io.now()))
      if (result.memories.length === 0) io.err.write('nothing found\n')
      if (flags.type && result.retrieval.note) io.err.write(`note: ${result.retrieval.note}\n`)
    })
}

const describe = (memory: FoundMemory, paint: Paint, now: number): string => {
  const said = memory.sources.map((source) => source.saidAt).find((at) => at !== null)
  const facts = [memory.topic, relativeTime(said ?? memory.updatedAt, now), memory.id]
  const score = memory.score?.toFixed(2) ?? ' –  '
  return `${paint('cyan', score)}  ${oneLine(memory.content)}\n      ${paint('dim', facts.join(' · '))}\n`
}

const examples = `
Examples:
  remanence search "where does she live?" --user mara
  remanence search bees --user mara --type bm25 --limit 3
  remanence search bees --user mara --json | jq -r '.memories[].content'`
