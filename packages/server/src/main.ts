/**
 * The process: it lends its arguments, streams and signals to the command line, and takes the exit code from it. Nothing
 * else reads `process.env` or sets `process.exitCode`.
 */
import { runCli } from './cli/index.ts'
import type { Io, Output } from './cli/io.ts'

const output = (stream: NodeJS.WriteStream): Output => {
  stream.on('error', () => {}) // whoever read it has gone: that is no reason for a server to die
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY === true,
    columns: stream.columns || Number.POSITIVE_INFINITY,
  }
}

const readInput = async (): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** One Ctrl-C may arrive twice at once: from the terminal, and passed on by the npm that the server was started with. */
const sameRequestMs = 100

const stopSignal = (): AbortSignal => {
  const controller = new AbortController()
  let askedAt = 0
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
  ] as const) {
    process.on(signal, () => {
      if (!controller.signal.aborted) {
        askedAt = Date.now()
        controller.abort()
      } else if (Date.now() - askedAt > sameRequestMs) {
        process.exit(128 + number)
      }
    })
  }
  return controller.signal
}

const io: Io = {
  env: process.env,
  workingFolder: process.cwd(),
  readInput,
  out: output(process.stdout),
  err: output(process.stderr),
  now: () => Date.now(),
  stopSignal,
}

process.exitCode = await runCli(process.argv.slice(2), io)
