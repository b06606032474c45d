import { ConnectionError, ProblemError } from '@remanence/sdk'
import { CommanderError } from 'commander'
import { ConfigError } from '../config/config.ts'
import { CommandFailure, type Io } from './io.ts'
import { oneLine, painter } from './terminal/paint.ts'

/** Says on standard error what went wrong, and what may help; answers the exit code: 1 failed, 2 misused. */
export const reportFailure = (io: Io, error: unknown): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2 // it has said everything itself
  const paint = painter(io, io.err)
  const { sentences, hint, exitCode } = explain(io, error)
  for (const sentence of sentences) io.err.write(`${paint('red', 'remanence:')} ${sentence}\n`)
  if (hint) io.err.write(`${paint('dim', hint)}\n`)
  return exitCode
}

type Explanation = {
  readonly sentences: readonly string[]
  readonly hint?: string
  readonly exitCode: number
}

const explain = (io: Io, error: unknown): Explanation => {
  if (error instanceof ConfigError) return { sentences: error.mistakes, exitCode: 2 }
  if (error instanceof CommandFailure) return { sentences: [error.message], exitCode: error.exitCode }
  if (error instanceof ConnectionError) {
    return { sentences: [error.message], hint: 'is it running? start it with: npm start', exitCode: 1 }
  }
  if (error instanceof ProblemError) return explainProblem(error)
  if (!(error instanceof Error)) return { sentences: [String(error)], exitCode: 1 }
  const isDebugging = io.env.REMANENCE_LOG_LEVEL === 'debug'
  return { sentences: [isDebugging ? (error.stack ?? error.message) : error.message], exitCode: 1 }
}

/** What a problem's code suggests to do on the command line. */
const hints: Readonly<Record<string, string>> = {
  unauthorized: 'give a key with --api-key or REMANENCE_API_KEY',
  missing_user: 'say whose memory it is with --user',
  missing_property: 'give it with --property KEY=VALUE',
}

const explainProblem = ({ message, code, errors }: ProblemError): Explanation => {
  const details = errors
    .filter((detail) => !message.includes(detail.message))
    .map((detail) => `  ${detail.location ?? 'request'}: ${oneLine(detail.message)}`)
  const sentence = [`${oneLine(message)} (${code})`, ...details].join('\n')
  return { sentences: [sentence], exitCode: 1, ...(hints[code] !== undefined && { hint: hints[code] }) }
}
