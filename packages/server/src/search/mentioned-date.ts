/** The day that a statement speaks of: `on 7 July 2023`, `on July 7`, `tomorrow`, `on Friday`, `in two weeks`. */
import { dayMs } from '../kernel/clock.ts'
import { mentionedDates } from './mentioned-period.ts'

/** The first day that is named exactly, at midnight UTC, as somebody meant it who spoke at `saidAt`; null when none is. */
export const mentionedDate = (text: string, saidAt: number): number | null =>
  calendarDate(text, saidAt) ?? relativeDate(text.toLowerCase(), saidAt)

const calendarDate = (text: string, saidAt: number): number | null => {
  const named = mentionedDates(text).find(({ month, day }) => month !== null && day !== null)
  if (named === undefined || named.month === null || named.day === null) return null
  const { month, day } = named
  const said = new Date(saidAt).getUTCFullYear()
  const years = named.year === null ? [said - 1, said, said + 1] : [named.year]
  const days = years
    .map((year) => Date.UTC(year, month, day))
    .filter((at) => new Date(at).getUTCDate() === day)
  // Without a year the nearest one is meant.
  const distance = (at: number) => Math.abs(at - saidAt)
  return days.toSorted((a, b) => distance(a) - distance(b))[0] ?? null
}

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const numbers: readonly string[] = 'zero one two three four five six seven eight nine ten'.split(' ')
const spoken = `(\\d{1,3}|a|an|${numbers.join('|')})`

type Reading = {
  readonly pattern: RegExp
  /** Days after the one on which it was said. */
  readonly days: (match: RegExpExecArray, weekday: number) => number
}

/** The more exact ones first. */
const readings: readonly Reading[] = [
  { pattern: /\bday after tomorrow\b/, days: () => 2 },
  { pattern: /\bday before yesterday\b/, days: () => -2 },
  { pattern: /\btomorrow\b/, days: () => 1 },
  { pattern: /\byesterday\b|\blast night\b/, days: () => -1 },
  { pattern: /\b(?:today|tonight|this (?:morning|afternoon|evening))\b/, days: () => 0 },
  { pattern: new RegExp(`\\bin ${spoken} (day|week)s?\\b`), days: (match) => span(match) },
  { pattern: new RegExp(`\\b${spoken} (day|week)s? ago\\b`), days: (match) => -span(match) },
  {
    pattern: new RegExp(`\\blast (${weekdays.join('|')})\\b`),
    days: ([, name = ''], today) => -(((today - weekdays.indexOf(name) + 6) % 7) + 1),
  },
  {
    pattern: new RegExp(`\\b(?:on|this|next|by|until) (${weekdays.join('|')})\\b`),
    days: ([, name = ''], today) => ((weekdays.indexOf(name) - today + 6) % 7) + 1,
  },
]

const span = ([, count = '', unit = '']: RegExpExecArray): number =>
  numberOf(count) * (unit === 'week' ? 7 : 1)

const numberOf = (text: string): number => {
  if (text === 'a' || text === 'an') return 1
  const spelled = numbers.indexOf(text)
  return spelled === -1 ? Number(text) : spelled
}

const relativeDate = (text: string, saidAt: number): number | null => {
  const day = Math.floor(saidAt / dayMs)
  for (const { pattern, days } of readings) {
    const match = pattern.exec(text)
    if (match !== null) return (day + days(match, new Date(saidAt).getUTCDay())) * dayMs
  }
  return null
}
