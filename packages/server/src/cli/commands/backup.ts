import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { addClientOptions, connect } from '../connect.ts'
import { type DataDirOptions, findDataDir } from '../data-dir.ts'
import { CommandFailure, type Io, printJson } from '../io.ts'
import { bytes } from '../terminal/bytes.ts'
import { createProgress, type Progress } from '../terminal/progress.ts'
import { writeWhole } from '../write-file.ts'

/** `remanence backup`: a copy of the whole store, of one moment. */
export const backupCommand = (program: Command, io: Io): void => {
  const command = program
    .command('backup <file>')
    .description(
      'Write a consistent copy of the whole store to a file that is not there yet. The server may be running or stopped. The copy is checked before it gets its name.',
    )
    .summary('copy the whole store, also while the server runs')
    .option(
      '--data-dir <PATH>',
      'data directory to copy (default: that of the configuration, if there is a store)',
    )
  addClientOptions(command)
    .addHelpText('after', examples)
    .action((file: string) => backup(io, file, command.optsWithGlobals<DataDirOptions>()))
}

const backup = async (io: Io, name: string, flags: DataDirOptions): Promise<void> => {
  const file = resolve(io.workingFolder, name)
  const dataDir = findDataDir(io, flags)
  const { copyDataDir, requireWholeCopy } = await import('../../offline.ts')
  const progress = createProgress(io)
  try {
    await writeWhole(file, async (unfinished) => {
      if (dataDir === null) await download(io, flags, { unfinished, progress })
      else await copyDataDir(dataDir, unfinished, (done, total) => progress.show('copying', done, total))
      progress.show('checking the copy', 1, 1)
      requireWholeCopy(unfinished)
    })
  } finally {
    progress.end()
  }
  const { size } = await stat(file)
  if (flags.json) return printJson(io, { file, sizeBytes: size })
  io.out.write(`${file}: ${bytes(size)}, checked\n`)
}

const download = async (
  io: Io,
  flags: DataDirOptions,
  { unfinished, progress }: { readonly unfinished: string; readonly progress: Progress },
): Promise<void> => {
  progress.show('waiting for the server to make the copy', 0, null)
  const { stream, sizeBytes } = await connect(io, flags).data.backup()
  let received = 0
  const counting = new Transform({
    transform: (chunk: Buffer, _encoding, next) => {
      received += chunk.length
      progress.show(`receiving ${bytes(sizeBytes)}`, received, sizeBytes)
      next(null, chunk)
    },
  })
  await pipeline(
    Readable.fromWeb(stream),
    counting,
    createWriteStream(unfinished, { flags: 'wx', mode: 0o600 }),
  )
  if (received !== sizeBytes) throw new CommandFailure(`only ${received} of ${sizeBytes} bytes arrived`)
}

const examples = `
Examples:
  remanence backup remanence-2026-11-01.db
  remanence backup /backups/remanence.db --data-dir /var/lib/remanence
  remanence backup remanence.db --url http://10.0.0.5:7090 --api-key rem_…`
