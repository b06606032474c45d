import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { ConfigSources } from './config.ts'
import { didYouMean } from './misspelt.ts'
import type { Setting } from './setting.ts'

export type ConfigFile = {
  readonly path: string
  readonly folder: string
  readonly members: Readonly<Record<string, unknown>>
}

const configFileName = 'remanence.json'

type Result = { readonly file: ConfigFile | null; readonly mistakes: readonly string[] }

/** Reads the file that is named, or else `remanence.json` if it is there. */
export const readConfigFile = (sources: ConfigSources, settings: readonly Setting[]): Result => {
  const named = sources.flags.config ?? (sources.env.REMANENCE_CONFIG || undefined)
  const path = resolve(sources.workingFolder, named ?? configFileName)
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
      return { file: null, mistakes: [`${path} must hold a JSON object of settings`] }
    }
    const file = { path, folder: dirname(path), members: { ...parsed } }
    return { file, mistakes: unknownMembers(file, settings) }
  } catch (error) {
    if (error instanceof SyntaxError) {
      return { file: null, mistakes: [`${path} is not valid JSON: ${error.message}`] }
    }
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (isAbsent && named === undefined) return { file: null, mistakes: [] }
    const reason = isAbsent ? 'there is no such file' : error instanceof Error ? error.message : String(error)
    return { file: null, mistakes: [`the configuration file ${path} cannot be read: ${reason}`] }
  }
}

const unknownMembers = (file: ConfigFile, settings: readonly Setting[]): string[] => {
  const names = settings.map((setting) => setting.name)
  return Object.keys(file.members)
    .filter((name) => !names.includes(name))
    .map((name) => `${file.path}: ${JSON.stringify(name)} is no setting${didYouMean(name, names)}`)
}
