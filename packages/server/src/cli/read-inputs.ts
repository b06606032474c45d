import { access, constants, readFile, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { AddInput, Message } from '@remanence/sdk'
import { BATCH_COUNT_MAX } from '../kernel/limits.ts'
import { CommandFailure, type Io } from './io.ts'

/** Bytes of text handed in by one request: well below what a server takes by default. */
const batchBytesMax = 524_288

/** Bytes of the beginning that tell whether a file may be an object in JSON. */
const HEAD_LENGTH = 1_024

/** What one add hands in: texts, what the API knows by name, or a file, which the server is to read. */
type Input = AddInput | File

/**
 * What the command line names, as inputs of one add each: all texts together, then every file, which is read when its turn comes. Throws
 * CommandFailure before the first one if a file cannot be read.
 */
export async function* readInputs(
  io: Io,
  { texts, files }: { readonly texts: readonly string[]; readonly files: readonly string[] },
): AsyncGenerator<Input> {
  const paths = files.map((file) => resolve(io.workingFolder, file))
  for (const path of paths) await refuseUnreadable(path)
  const plain: string[] = []
  for (const text of texts) {
    if (text === '-') plain.push(...paragraphs(await io.readInput()))
    else plain.push(text)
  }
  yield* batches(plain)
  for (const path of paths) yield await readOne(path)
}

const refuseUnreadable = async (path: string): Promise<void> => {
  const unreadable = (reason: string) => new CommandFailure(`${path} cannot be read: ${reason}`, 2)
  try {
    await access(path, constants.R_OK)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    throw unreadable(reasons[code] ?? (error instanceof Error ? error.message : String(error)))
  }
  if ((await stat(path)).isDirectory()) throw unreadable('it is a folder')
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'it may not be read by you',
}

const readOne = async (path: string): Promise<Input> => {
  const bytes = await readFile(path)
  return parseInput(bytes) ?? new File([bytes], basename(path))
}

/** The input that a file spells as JSON, or null when it is something else. What is in it, the server checks. */
const parseInput = (bytes: Buffer): AddInput | null => {
  if (!/^\s*\{/.test(bytes.toString('utf8', 0, HEAD_LENGTH))) return null
  let parsed: unknown
  try {
    parsed = JSON.parse(bytes.toString('utf8'))
  } catch {
    return null // a file like others
  }
  if (typeof parsed !== 'object' || parsed === null) return null
  if ('input' in parsed) return parsed.input as AddInput // safety: the server refuses what is no input
  if ('messages' in parsed && Array.isArray(parsed.messages)) {
    return { conversation: parsed as { messages: readonly Message[] } } // safety: as above
  }
  return null
}

const paragraphs = (text: string): string[] =>
  text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')

const batches = (texts: readonly string[]): readonly string[][] => {
  const done: string[][] = []
  let bytes = 0
  for (const text of texts) {
    const size = Buffer.byteLength(text)
    const last = done.at(-1)
    if (last && last.length < BATCH_COUNT_MAX && bytes + size <= batchBytesMax) {
      last.push(text)
      bytes += size
    } else {
      done.push([text])
      bytes = size
    }
  }
  return done
}
