import { InvalidArgumentError } from 'commander'

/** Reads an option that may be given several times. */
export const readList = (value: string, previous: readonly string[] = []): readonly string[] => [
  ...previous,
  value,
]

/** Reads `key=value`, several times over. */
export const readProperties = (
  text: string,
  previous: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> => {
  const split = text.indexOf('=')
  if (split < 1) throw new InvalidArgumentError('It must have the form key=value.')
  return { ...previous, [text.slice(0, split)]: text.slice(split + 1) }
}

/** Reads a positive integer. */
export const readCount = (text: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a positive integer.')
  return Number(text)
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3_600, d: 86_400 }

/** Reads a time such as `90s`, `30min`, `12h` or `7d`, or a number of seconds; answers seconds. */
export const readDuration = (text: string): number => {
  const [, count = '', unit = 's'] = /^(\d{1,9})\s?(s|min|h|d)?$/.exec(text) ?? []
  if (count === '') throw new InvalidArgumentError('It must be a time such as 90s, 30min, 12h or 7d.')
  return Number(count) * (unitSeconds[unit] ?? 1)
}

/** Reads an instant (RFC 3339, or a date, which begins it in UTC) or the time until it, such as `90d`; answers RFC 3339. */
export const readFuture = (text: string, now: number): string => {
  const isInstant = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/i.test(text)
  const at = isInstant ? Date.parse(text) : now + readDuration(text) * 1_000
  if (Number.isNaN(at) || at > maxInstant) throw new InvalidArgumentError('There is no such instant.')
  return new Date(at).toISOString()
}

/** The last instant that RFC 3339 can tell. */
const maxInstant = Date.parse('9999-12-31T23:59:59.999Z')

/** An instant that may be counted back from now. */
export type Time = (now: number) => Date

/** Reads `2026-11-01T08:00:00Z`, or `15m`: so long ago. */
export const readTime = (text: string): Time => {
  const [, count, unit] = /^(\d{1,9})(s|m|h|d)$/.exec(text) ?? []
  if (count !== undefined) return (now) => new Date(now - Number(count) * unitMs[unit as keyof typeof unitMs]) // safety: by the pattern
  const at = Date.parse(text)
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(at))
    throw new InvalidArgumentError('It must be a time (2026-11-01T08:00:00Z) or a while (90s, 15m, 2h, 7d).')
  return () => new Date(at)
}

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
