/** A file that is there wholly or not at all: written under another name, synced, and only then given its own. */
import { existsSync, linkSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { CommandFailure } from './io.ts'

/** `write` is given the name to write to. Nothing that is there already is overwritten. */
export const writeWhole = async (
  file: string,
  write: (unfinished: string) => Promise<void>,
): Promise<void> => {
  refuseExisting(file)
  const unfinished = `${file}.partial`
  rmSync(unfinished, { force: true })
  try {
    await write(unfinished)
    await sync(unfinished)
    link(unfinished, file)
  } finally {
    rmSync(unfinished, { force: true })
  }
  await sync(dirname(file))
}

/** Ends the command when there is something of that name. */
export const refuseExisting = (file: string): void => {
  if (existsSync(file))
    throw new CommandFailure(`${file} is there already: choose another name, or move it away`)
}

// A link, because a rename would overwrite what came there meanwhile.
const link = (from: string, to: string): void => {
  try {
    linkSync(from, to)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') refuseExisting(to)
    throw error
  }
}

const sync = async (path: string): Promise<void> => {
  await using handle = await open(path, 'r')
  await handle.sync()
}
