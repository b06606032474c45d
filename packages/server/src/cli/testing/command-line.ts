/** Runs the command line in a folder of its own, and answers what a process would have shown. */
import { afterEach, beforeEach } from 'vitest'
import type { Peer } from '../../../../sdk/src/testing/peer.ts'
import { temporaryFolder } from '../../testing/temporary-folder.ts'
import { runCli } from '../index.ts'

type Setup = {
  /** The server that REMANENCE_URL names. */
  readonly peer?: Peer
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  readonly isTerminal?: boolean
  /** What asks the command to stop: told of all that is printed. */
  readonly stopAt?: (out: string) => boolean
}

type Shown = { readonly exitCode: number; readonly out: string; readonly err: string }

export type CommandLine = {
  /** The working folder, new for every test. */
  readonly folder: () => string
  readonly run: (args: readonly string[], setup?: Setup) => Promise<Shown>
}

/** To be called once in a test file. */
export const useCommandLine = (): CommandLine => {
  let folder = ''
  let temporary: ReturnType<typeof temporaryFolder> | undefined
  beforeEach(() => {
    temporary = temporaryFolder()
    folder = temporary.path
  })
  afterEach(() => temporary?.[Symbol.dispose]())
  return { folder: () => folder, run: (args, setup = {}) => runIn(folder, args, setup) }
}

const runIn = async (folder: string, args: readonly string[], setup: Setup): Promise<Shown> => {
  const { peer, env = {}, input = '', isTerminal = false, stopAt } = setup
  const stopping = new AbortController()
  const print = (text: string) => {
    out.push(text)
    if (stopAt?.(out.join(''))) stopping.abort()
  }
  const [out, err]: [string[], string[]] = [[], []]
  const columns = isTerminal ? 100 : Number.POSITIVE_INFINITY
  const exitCode = await runCli(args, {
    env: peer ? { REMANENCE_URL: peer.url, ...env } : env,
    workingFolder: folder,
    readInput: async () => input,
    out: { write: print, isTerminal, columns },
    err: { write: (text) => void err.push(text), isTerminal, columns },
    now: () => Date.parse('2026-11-01T09:00:00Z'),
    stopSignal: () => stopping.signal,
  })
  return { exitCode, out: out.join(''), err: err.join('') }
}
