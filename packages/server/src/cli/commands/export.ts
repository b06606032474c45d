import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { addClientOptions, type ClientOptions, connect } from '../connect.ts'
import { type Io, printJson } from '../io.ts'
import { createProgress } from '../terminal/progress.ts'
import { writeWhole } from '../write-file.ts'

/** `remanence export`: a project as JSON Lines. */
export const exportCommand = (program: Command, io: Io): void => {
  const command = program
    .command('export <file>')
    .description(
      'Write the project of the key to a file that is not there yet, as JSON Lines: groups, users, runs, memories with their history and conversations. Keys and webhooks are not in it. A lost connection is taken up again. Needs a key with the scope admin.',
    )
    .summary('write a project to a file')
  addClientOptions(command)
    .addHelpText('after', examples)
    .action((file: string) => exportTo(io, file, command.optsWithGlobals<ClientOptions>()))
}

const exportTo = async (io: Io, name: string, flags: ClientOptions): Promise<void> => {
  const file = resolve(io.workingFolder, name)
  const progress = createProgress(io)
  const client = connect(io, flags)
  let recordCount = 0
  try {
    await writeWhole(file, async (unfinished) => {
      await using handle = await open(unfinished, 'wx', 0o600)
      for await (const text of inPortions(client.data.export())) {
        await handle.write(text.join(''))
        recordCount += text.length
        progress.show(`${recordCount - 1} records`, recordCount, null)
      }
    })
  } finally {
    progress.end()
  }
  recordCount -= 1 // the first line names the format
  if (flags.json) return printJson(io, { file, records: recordCount })
  io.out.write(`${file}: ${recordCount} records\n`)
}

/** Lines that are written at once. */
const LINES_PER_WRITE = 100

async function* inPortions(lines: AsyncIterable<string>): AsyncGenerator<readonly string[], void> {
  let portion: string[] = []
  for await (const line of lines) {
    if (portion.push(`${line}\n`) < LINES_PER_WRITE) continue
    yield portion
    portion = []
  }
  if (portion.length > 0) yield portion
}

const examples = `
Examples:
  remanence export project.jsonl
  remanence export project.jsonl --url http://10.0.0.5:7090 --api-key rem_…`
