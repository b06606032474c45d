import { once } from 'node:events'
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import type { Command } from 'commander'
import { type Config, loadConfig } from '../../config/config.ts'
import { armFailPoint } from '../../testing/fail-points.ts'
import { type Io, printJson } from '../io.ts'
import { addSettingOptions } from '../setting-options.ts'
import { settleMemory } from '../settle-memory.ts'

/** `remanence serve`: the server, until the process is asked to stop. */
export const serveCommand = (program: Command, io: Io): void => {
  const command = program
    .command('serve')
    .description('Start the server. It stops, after finishing what it has in hand, on SIGTERM or Ctrl-C.')
    .summary('start the server')
  addSettingOptions(command)
    .addHelpText('after', examples)
    .action(async () => {
      const { json, ...flags } = command.optsWithGlobals<Record<string, string> & { json?: boolean }>()
      const { config, warnings } = loadConfig({ flags, env: io.env, workingFolder: io.workingFolder })
      for (const warning of warnings) io.err.write(`remanence: warning: ${warning}\n`)
      await serve(config, io, json ?? false)
    })
}

const serve = async (config: Config, io: Io, json: boolean): Promise<void> => {
  const stop = io.stopSignal()
  // Only here: what the server is made of takes longer to load than a client command takes to run.
  const [{ compose }, { createLog }] = await Promise.all([
    import('../../compose.ts'),
    import('../../kernel/log.ts'),
  ])
  const app = await compose({
    config,
    log: createLog(config.logLevel),
    signals: armFailPoint(io.env.REMANENCE_FAIL_POINT),
  })
  const keyFile = join(config.dataDir, 'key')
  if (json) {
    printJson(io, { listening: app.url, firstKey: app.firstKey, keyFile })
  } else {
    if (app.firstKey !== null) io.out.write(firstKeyText(app.firstKey, keyFile))
    io.out.write(`remanence listening on ${app.url}\n`)
  }
  // A server that is always killed never ends in a way that keeps what was compiled for the next start.
  flushCompileCache()
  settleMemory()
  if (!stop.aborted) await once(stop, 'abort')
  await app.stop()
}

const firstKeyText = (key: string, file: string): string => `\
This is the first start, so here is your API key:

  ${key}

It is shown this once, and kept for the command line in ${file}

`

const examples = `
Every setting can also be given as a variable (--port as REMANENCE_PORT) or in the file (as "port").
Flags go before variables, variables before the file. What is in force: remanence config

Examples:
  remanence serve
  remanence serve --port 8080 --data-dir /var/lib/remanence
  REMANENCE_API_KEY=a-key-of-your-own remanence serve --host 0.0.0.0`
