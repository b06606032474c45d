import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CommandFailure, type Io } from './io.ts'

/** The JSON of a file, or of standard input (`-`). Throws CommandFailure with what is wrong with it. */
export const readJsonFile = async (io: Io, file: string): Promise<unknown> => {
  const text = file === '-' ? await io.readInput() : await readText(resolve(io.workingFolder, file))
  try {
    return JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CommandFailure(`${file} is not valid JSON: ${reason}`, 2)
  }
}

const readText = async (path: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    throw new CommandFailure(`${path} cannot be read: ${isMissing ? 'there is no such file' : error}`, 2)
  }
}
