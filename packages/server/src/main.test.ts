/** The process itself: what it prints, how it stops, and what it exits with. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { Remanence } from '@remanence/sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { temporaryFolder } from './testing/temporary-folder.ts'

let folder: string
let temporary: ReturnType<typeof temporaryFolder>
let started: ChildProcess[] = []
beforeEach(() => {
  temporary = temporaryFolder()
  folder = temporary.path
})
afterEach(async () => {
  for (const child of started.filter((one) => one.exitCode === null && one.signalCode === null)) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  started = []
  temporary[Symbol.dispose]()
})

const start = (...args: string[]) => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  return child
}

/** Starts the server and resolves, once it listens, with all lines up to that one. */
const serve = async (...args: string[]) => {
  const server = start('serve', '--port', '0', ...args)
  const lines: string[] = []
  for await (const line of createInterface(server.stdout)) {
    lines.push(line)
    const [, url] = /^remanence listening on (http:\/\/127\.0\.0\.1:\d+)$/.exec(line) ?? []
    if (url !== undefined) return { server, lines, url }
  }
  throw new Error(`the server did not start: ${await text(server.stderr)}`)
}

const exitOf = async (child: ChildProcess): Promise<unknown> => {
  const [code, signal] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode]
  return code ?? signal
}

test('the first start prints a key that works and is kept for its owner alone; the second prints none', async () => {
  const first = await serve()
  const keyFile = join(folder, '.remanence', 'key')
  const key = readFileSync(keyFile, 'utf8').trim()
  expect(first.lines.join('\n')).toContain(`\n  ${key}\n`)
  expect(statSync(keyFile).mode & 0o777).toBe(0o600)
  const answer = await fetch(`${first.url}/v1/auth/verify`, { headers: { authorization: `Bearer ${key}` } })
  expect(answer.status).toBe(204)
  first.server.kill('SIGTERM')
  expect(await exitOf(first.server)).toBe(0)
  expect((await serve()).lines).toHaveLength(1)
})

test.each(['SIGTERM', 'SIGINT'] as const)('%s stops the server with exit code 0', async (signal) => {
  const { server } = await serve()
  server.kill(signal)
  expect(await exitOf(server)).toBe(0)
})

test('a standard output that nobody reads does not end the server', async () => {
  const { server: earlier, url } = await serve() // its port is free again in a moment
  earlier.kill('SIGTERM')
  await exitOf(earlier)
  const server = start('serve', '--port', new URL(url).port)
  server.stdout.destroy()
  const { status } = await new Remanence({ baseUrl: url, retryCountMax: 10 }).health()
  expect(status).toBe('healthy')
  server.kill('SIGTERM')
  expect(await exitOf(server)).toBe(0)
})

test('a port that is taken is one clear sentence and exit code 1', async () => {
  const { url } = await serve()
  const second = start('serve', '--port', new URL(url).port, '--data-dir', 'other')
  const [code, stderr] = await Promise.all([exitOf(second), text(second.stderr)])
  expect([code, stderr.trim().split('\n')]).toEqual([1, [expect.stringMatching(/^remanence: .*in use/)]])
})

test('a data folder in use by another process is one clear sentence and exit code 1', async () => {
  await serve()
  const second = start('serve', '--port', '0')
  const [code, stderr] = await Promise.all([exitOf(second), text(second.stderr)])
  expect([code, stderr.trim().split('\n')]).toEqual([1, [expect.stringMatching(/^remanence: /)]])
})

test('a misuse exits with 2', async () => {
  expect(await exitOf(start('serve', '--port', 'x'))).toBe(2)
})
