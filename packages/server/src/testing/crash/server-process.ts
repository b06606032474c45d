/** The real server as a process of its own, as a person starts it, to be killed and started again on one data directory. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

export type ServerProcess = {
  /** Its address once it listens; null when it died before. */
  readonly listening: Promise<string | null>
  /** How it ended: the exit code, or the signal that killed it. */
  readonly ended: Promise<number | string>
  readonly kill: (signal: 'SIGKILL' | 'SIGTERM') => void
  /** What it wrote to standard error in all, once it has ended. */
  readonly errors: Promise<string>
}

const command = fileURLToPath(new URL('../../../../../bin/remanence', import.meta.url))

export const startServer = (options: {
  readonly dataDir: string
  readonly apiKey: string
  /** Any free one when absent. */
  readonly port?: number
  /** A fail point to arm, `name:N`. */
  readonly failPoint?: string
  /** Further variables. */
  readonly env?: Readonly<Record<string, string>>
}): ServerProcess => {
  const child = spawn(
    command,
    ['serve', '--port', String(options.port ?? 0), '--data-dir', options.dataDir, '--log-level', 'error'],
    {
      env: {
        PATH: process.env.PATH,
        REMANENCE_API_KEY: options.apiKey,
        // Runs are interrupted on purpose here, and none may give up because of it.
        REMANENCE_RUN_INTERRUPTION_COUNT_MAX: '1000',
        ...(options.failPoint !== undefined && { REMANENCE_FAIL_POINT: options.failPoint }),
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  return {
    listening: addressOf(child),
    ended: once(child, 'exit').then(([code, signal]) => code ?? signal),
    kill: (signal) => void child.kill(signal),
    errors: text(child.stderr),
  }
}

const addressOf = async ({
  stdout,
}: ChildProcess & { readonly stdout: NodeJS.ReadableStream }): Promise<string | null> => {
  for await (const line of createInterface(stdout)) {
    const [, url] = /^remanence listening on (http:\S+)$/.exec(line) ?? []
    if (url !== undefined) return url
  }
  return null
}
