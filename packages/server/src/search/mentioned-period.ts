/**
 * Dates a query names: `7 July 2023`, `July 7`, `2023-07-07`, `June 2022`, `in March`, `2021`. They rarely stand in the statements
 * themselves (those say "yesterday"), but the time of saying tells.
 */
import { dayMs } from '../kernel/clock.ts'

const months = 'January February March April May June July August September October November December'.split(
  ' ',
)
/** A day of slack for the time zones between an event and the one who tells of it. */
const earlyMs = dayMs
/** What happened is mostly told within a week. */
const lateMs = 7 * dayMs

export type MentionedDate = {
  readonly year: number | null
  readonly month: number | null
  readonly day: number | null
}

/**
 * Tells whether something said at an instant was said in a period the query names, or shortly after. A month without a year means that month
 * of any year.
 */
export const saidInMentionedPeriod = (query: string): ((saidAt: number) => boolean) => {
  const dates = mentionedDates(query)
  return (saidAt) =>
    dates.some((date) => {
      const said = new Date(saidAt).getUTCFullYear()
      const years = date.year === null ? [said - 1, said, said + 1] : [date.year]
      return years.some((year) => {
        const [from, to] = periodOf(date, year)
        return saidAt >= from - earlyMs && saidAt < to + lateMs
      })
    })
}

const periodOf = ({ month, day }: MentionedDate, year: number): [from: number, to: number] => {
  if (month === null) return [Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1)]
  if (day === null) return [Date.UTC(year, month, 1), Date.UTC(year, month + 1, 1)]
  return [Date.UTC(year, month, day), Date.UTC(year, month, day + 1)]
}

const isoDate = /\b((?:19|20)\d\d)-(\d\d)(?:-(\d\d))?\b/g
const yearNumber = /\b(?:19|20)\d\d\b/g
/** Two months are also common words: they count when written as names, not at the start. */
const monthName =
  /(?:\b(\d{1,2})(?:st|nd|rd|th)?(?: of)? )?\b(January|February|(?<!^)March|April|(?<!^)May|June|July|August|September|October|November|December)\b(?:,? (\d{1,2})(?:st|nd|rd|th)?\b)?/g

export const mentionedDates = (query: string): readonly MentionedDate[] => {
  const iso = [...query.matchAll(isoDate)].map(([, year, month, day]) => ({
    year: Number(year),
    month: Number(month) - 1,
    day: day === undefined ? null : Number(day),
  }))
  if (iso.length > 0) return iso
  const years = [...query.matchAll(yearNumber)].map(([year]) => Number(year))
  const named = [...query.matchAll(monthName)].map(([, dayBefore, month = '', dayAfter]) => ({
    month: months.indexOf(month),
    day: dayBefore === undefined && dayAfter === undefined ? null : Number(dayBefore ?? dayAfter),
  }))
  if (named.length === 0) return years.map((year) => ({ year, month: null, day: null }))
  return named.flatMap((date) => (years.length > 0 ? years : [null]).map((year) => ({ year, ...date })))
}
