import type { Command } from 'commander'
import { loadConfig } from '../../config/config.ts'
import { explainConfig } from '../../config/explain-config.ts'
import { type Io, printJson } from '../io.ts'
import { addSettingOptions } from '../setting-options.ts'
import { painter } from '../terminal/paint.ts'
import { table } from '../terminal/table.ts'

/** `remanence config`: each setting in force and where it comes from. */
export const configCommand = (program: Command, io: Io): void => {
  const command = program
    .command('config')
    .description('Print every setting that `remanence serve` would use here, and where its value comes from.')
    .summary('print the settings in force')
  addSettingOptions(command)
    .addHelpText('after', examples)
    .action(() => {
      const { json, ...flags } = command.optsWithGlobals<Record<string, string> & { json?: boolean }>()
      const loaded = loadConfig({ flags, env: io.env, workingFolder: io.workingFolder })
      const explained = explainConfig(loaded.inForce)
      if (json) return printJson(io, { settings: explained, warnings: loaded.warnings })
      const rows = explained.map(({ name, value, origin }) => [
        name,
        value === null ? (['none', 'dim'] as const) : String(value),
        origin === 'default' ? ([origin, 'dim'] as const) : origin,
      ])
      const paint = painter(io, io.out)
      io.out.write(table(['SETTING', 'VALUE', 'FROM'], rows, { paint, columns: io.out.columns }))
      for (const warning of loaded.warnings) io.err.write(`remanence: warning: ${warning}\n`)
    })
}

const examples = `
Examples:
  remanence config
  remanence config --json
  REMANENCE_PORT=8080 remanence config`
