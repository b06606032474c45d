import { resolve } from 'node:path'
import type { Command } from 'commander'
import { dataDirOf } from '../data-dir.ts'
import { type Io, printJson } from '../io.ts'
import { createProgress } from '../terminal/progress.ts'

type RestoreFlags = { readonly dataDir?: string; readonly config?: string; readonly json?: boolean }

/** `remanence restore`: a data directory from a backup. */
export const restoreCommand = (program: Command, io: Io): void => {
  const command = program
    .command('restore <file>')
    .description(
      'Make a data directory from a backup. The directory must be new or empty, and the backup is checked first. Keys are in the backup; the key file of the command line is not.',
    )
    .summary('make a data directory from a backup')
    .option('--data-dir <PATH>', 'directory to restore into (default: that of the configuration)')
    .addHelpText('after', examples)
    .action((file: string) => restore(io, file, command.optsWithGlobals<RestoreFlags>()))
}

const restore = async (io: Io, name: string, flags: RestoreFlags): Promise<void> => {
  const file = resolve(io.workingFolder, name)
  const dataDir = dataDirOf(io, flags)
  const { restoreDataDir } = await import('../../offline.ts')
  const progress = createProgress(io)
  try {
    await restoreDataDir(file, dataDir, (done, total) => progress.show('copying', done, total))
  } finally {
    progress.end()
  }
  if (flags.json) return printJson(io, { file, dataDir })
  io.out.write(`${dataDir} is restored from ${file}; start it with: remanence serve --data-dir ${dataDir}\n`)
}

const examples = `
Examples:
  remanence restore remanence-2026-11-01.db --data-dir /var/lib/remanence
  remanence restore backup.db`
