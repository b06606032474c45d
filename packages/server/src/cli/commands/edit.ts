import type { Command } from 'commander'
import { addClientOptions, type ClientOptions, connect } from '../connect.ts'
import { type Io, printJson } from '../io.ts'
import { readCount } from '../option-values.ts'
import { oneLine, painter } from '../terminal/paint.ts'

type EditFlags = ClientOptions & {
  readonly user?: string
  readonly group?: string
  readonly expectVersion?: number
}

/** `remanence edit`: another text for a memory. */
export const editCommand = (program: Command, io: Io): void => {
  const command = program
    .command('edit')
    .description('Give a memory another text. What it was stays in its history.')
    .summary('correct a memory')
    .argument('<memory>', 'id of the memory')
    .argument('<text>', 'what it is to say')
    .option('--user <NAME>', 'whose memory it is')
    .option('--group <NAME>', 'its group (default: default)')
    .option('--expect-version <NUMBER>', 'refuse when it is at another version', readCount)
  addClientOptions(command).action(async (memoryId: string, text: string) => {
    const flags = command.optsWithGlobals<EditFlags>()
    const { user: userId, group, expectVersion: expectedVersion } = flags
    const memory = await connect(io, flags).memories.edit(memoryId, text, { userId, group, expectedVersion })
    if (flags.json) return printJson(io, memory)
    const version = painter(io, io.out)('dim', `version ${memory.version}`)
    io.out.write(`${oneLine(memory.content)}  ${version}\n`)
  })
}
