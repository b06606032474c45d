import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { AddInput, Message } from '@remanence/sdk'
import { BATCH_COUNT_MAX } from '../kernel/limits.ts'
import { CommandFailure, type Io } from './io.ts'

/** Bytes of text handed in by one request: well below what a server takes by default. */
const batchBytesMax = 524_288

/** What the command line names, as inputs of one add each: all texts together, then every conversation. */
export const readInputs = async (
  io: Io,
  { texts, files }: { readonly texts: readonly string[]; readonly files: readonly string[] },
): Promise<readonly AddInput[]> => {
  const plain: string[] = []
  const structured: AddInput[] = []
  for (const text of texts) {
    if (text === '-') plain.push(...paragraphs(await io.readInput()))
    else plain.push(text)
  }
  for (const file of files) {
    const content = await readText(resolve(io.workingFolder, file))
    const input = parseInput(content)
    if (input === null) plain.push(...paragraphs(content))
    else structured.push(input)
  }
  return [...batches(plain), ...structured]
}

const readText = async (path: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const reason =
      error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'there is no such file' : error
    throw new CommandFailure(
      `${path} cannot be read: ${reason instanceof Error ? reason.message : reason}`,
      2,
    )
  }
}

/** The input a file spells as JSON, or null when it is something else. What is in it, the server checks. */
const parseInput = (content: string): AddInput | null => {
  let parsed: unknown
  try {
    parsed = JSON.parse(content)
  } catch {
    return null // plain text
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
