import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig } from '../config/config.ts'
import type { ClientOptions } from './connect.ts'
import type { Io } from './io.ts'

export type DataDirOptions = ClientOptions & { readonly dataDir?: string }

/**
 * The data directory that a command is to work on itself, without a server; null when it is to ask the server: where one is named,
 * or where no store is here.
 */
export const findDataDir = (io: Io, { url, dataDir, config: file }: DataDirOptions): string | null => {
  if (dataDir === undefined && (url !== undefined || io.env.REMANENCE_URL)) return null
  const found = dataDirOf(io, {
    ...(dataDir !== undefined && { dataDir }),
    ...(file !== undefined && { config: file }),
  })
  return dataDir !== undefined || existsSync(join(found, 'remanence.db')) ? found : null
}

/** The data directory of flag, environment and configuration, absolute. */
export const dataDirOf = (
  io: Io,
  { dataDir, config: file }: Pick<DataDirOptions, 'dataDir' | 'config'>,
): string =>
  loadConfig({ flags: { dataDir, config: file }, env: io.env, workingFolder: io.workingFolder }).config
    .dataDir
