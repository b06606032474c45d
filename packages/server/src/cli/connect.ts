import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Remanence } from '@remanence/sdk'
import type { Command } from 'commander'
import { type Config, loadConfig } from '../config/config.ts'
import { CommandFailure, type Io } from './io.ts'

/** Options of every client command, beside those of the program. */
export type ClientOptions = {
  readonly url?: string
  readonly apiKey?: string
  readonly config?: string
  readonly json?: boolean
}

/** Declares the options that say which server a client command talks to, and as whom. */
export const addClientOptions = (command: Command): Command =>
  command
    .optionsGroup('Server:')
    .option(
      '--url <URL>',
      'address of the server (default: REMANENCE_URL, else host and port of the configuration)',
    )
    .option(
      '--api-key <KEY>',
      'key to use (default: REMANENCE_API_KEY, else the key file in the data folder)',
    )

/** The client for the server that options, environment and configuration name. */
export const connect = (io: Io, { url, apiKey, config: file }: ClientOptions): Remanence => {
  const flags = { config: file, apiKey }
  const { config } = loadConfig({ flags, env: io.env, workingFolder: io.workingFolder })
  const baseUrl = url ?? (io.env.REMANENCE_URL || addressOf(config))
  return new Remanence({ baseUrl, apiKey: config.apiKey ?? readKeyFile(config, baseUrl), retryCountMax: 2 })
}

const addressOf = ({ host, port }: Config): string => {
  if (port === 0)
    throw new CommandFailure('the configured port is 0, any free one: give the address as --url', 2)
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** The key that the server left for the command line. It is for that server: no other machine gets to see it. */
const readKeyFile = (config: Config, baseUrl: string): string | undefined => {
  const hostname = URL.canParse(baseUrl) ? new URL(baseUrl).hostname : ''
  if (hostname !== config.host && !loopback.test(hostname)) return undefined
  try {
    return readFileSync(join(config.dataDir, 'key'), 'utf8').trim() || undefined
  } catch {
    return undefined // no key here: the server will say that it needs one
  }
}
