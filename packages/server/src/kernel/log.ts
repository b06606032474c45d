import pino from 'pino'

/** Structured log lines, on standard error: standard output belongs to what a person or a script reads. */
export type Log = pino.Logger

export const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof logLevels)[number]

export const createLog = (level: LogLevel): Log =>
  pino({ level, base: null }, pino.destination({ dest: 2, sync: false }))
