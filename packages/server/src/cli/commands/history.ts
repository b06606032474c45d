import type { MemoryVersion } from '@remanence/sdk'
import type { Command } from 'commander'
import { addClientOptions, type ClientOptions, connect } from '../connect.ts'
import { type Io, printJson } from '../io.ts'
import { readCount } from '../option-values.ts'
import { oneLine, painter } from '../terminal/paint.ts'
import { table } from '../terminal/table.ts'
import { relativeTime } from '../terminal/time.ts'

type HistoryFlags = ClientOptions & {
  readonly user?: string
  readonly group?: string
  readonly limit?: number
}

const LIMIT_DEFAULT = 20

/** `remanence history`: the versions of a memory. */
export const historyCommand = (program: Command, io: Io): void => {
  const command = program
    .command('history')
    .description(
      'List the versions of a memory, newest first, with the runs that made them; also of one that is deleted.',
    )
    .summary('list the versions of a memory')
    .argument('<memory>', 'id of the memory')
    .option('--user <NAME>', 'whose memory it is')
    .option('--group <NAME>', 'its group (default: default)')
    .option('--limit <COUNT>', `how many at most (default: ${LIMIT_DEFAULT})`, readCount)
  addClientOptions(command).action(async (memoryId: string) => {
    const flags = command.optsWithGlobals<HistoryFlags>()
    const { limit = LIMIT_DEFAULT } = flags
    const options = { userId: flags.user, group: flags.group, limit: Math.min(limit, 100) }
    const versions: MemoryVersion[] = []
    for await (const version of connect(io, flags).memories.history(memoryId, options)) {
      versions.push(version)
      if (versions.length >= limit) break
    }
    if (flags.json) for (const version of versions) printJson(io, version)
    else io.out.write(describe(io, versions))
  })
}

const describe = (io: Io, versions: readonly MemoryVersion[]): string => {
  const rows = versions.map(({ version, kind, inputType, runId, createdAt, content, undoneBy }) => [
    String(version),
    undoneBy === null ? kind : `${kind}, undone`,
    inputType ?? '?',
    relativeTime(createdAt, io.now()),
    runId,
    oneLine(content ?? ''),
  ])
  const paint = painter(io, io.out)
  return table(['VERSION', 'CHANGE', 'BY', 'WHEN', 'RUN', 'CONTENT'], rows, {
    paint,
    columns: io.out.columns,
  })
}
