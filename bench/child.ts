/** Real processes to measure: the server of this project, and the bare one it is compared with. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const root = join(import.meta.dirname, '..')
export const benchKey = 'rem_bench_key_of_a_throw_away_server'

export type Child = AsyncDisposable & {
  readonly url: string
  /** Resident memory, bytes. */
  readonly residentBytes: () => Promise<number>
  /** Time on a processor since its start, which what else the machine does changes little. */
  readonly cpuSeconds: () => Promise<number>
  readonly stop: () => Promise<void>
}

/** Starts the server on a free port, in `dataDir`, and answers once it is ready. */
export const startServer = (dataDir: string, env: Readonly<Record<string, string>> = {}): Promise<Child> =>
  start(join(root, 'bin/remanence'), ['serve'], {
    REMANENCE_PORT: '0',
    REMANENCE_DATA_DIR: dataDir,
    REMANENCE_API_KEY: benchKey,
    ...env,
  })

/** Starts the bare `node:http` server that answers every request with `bytes`. */
export const startBareServer = (bytes: string): Promise<Child> =>
  start(process.execPath, [join(import.meta.dirname, 'bare-server.ts')], { BARE_ANSWER: bytes })

const start = async (
  command: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<Child> => {
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await listeningUrl(child)
  const stop = async () => {
    if (child.exitCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  return {
    url,
    residentBytes: () => residentBytes(child),
    cpuSeconds: () => cpuSeconds(child),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

const listeningUrl = async (child: ChildProcess): Promise<string> => {
  if (child.stdout === null) throw new Error('the server has no standard output')
  for await (const line of createInterface(child.stdout)) {
    const url = / listening on (http:\S+)/.exec(line)?.[1]
    if (url !== undefined) {
      child.stdout.resume()
      return url
    }
  }
  throw new Error('the server ended before it listened')
}

const residentBytes = async ({ pid }: ChildProcess): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024
}

/** The kernel counts in hundredths of a second, in user mode and for the process in its own. */
const cpuSeconds = async ({ pid }: ChildProcess): Promise<number> => {
  const [, after = ''] = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')
  const fields = after.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** A request with the bench's key; throws unless it is answered 2xx. */
export const call = async <Answer>(
  url: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> => {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${benchKey}`, 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${url}: ${response.status} ${text}`)
  // safety: the bench asks only what it knows the answer's shape of
  return JSON.parse(text) as Answer
}
