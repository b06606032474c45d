import type { Io } from '../io.ts'
import { painter } from './paint.ts'

export type Progress = {
  /** `total` null: nobody knows how much there is. */
  readonly show: (label: string, done: number, total: number | null) => void
  /** Wipes the bar; to be called however the work ended. */
  readonly end: () => void
}

const BAR_WIDTH = 24
/** A line drawn more often than this costs more than it tells. */
const REDRAW_MS = 50

/** How far long work has come: a line on standard error that is rewritten. Where that is no terminal nothing is shown. */
export const createProgress = (io: Io): Progress => {
  if (!io.err.isTerminal) return { show: () => {}, end: () => {} }
  const paint = painter(io, io.err)
  let drawnAt = Number.NEGATIVE_INFINITY
  return {
    show: (label, done, total) => {
      const isLast = total !== null && done >= total
      if (!isLast && io.now() - drawnAt < REDRAW_MS) return
      drawnAt = io.now()
      const text = `${total === null ? '' : `${bar(done / Math.max(1, total))}  `}${label}`
      io.err.write(wipe + paint('dim', text.slice(0, io.err.columns - 1)))
    },
    end: () => io.err.write(wipe),
  }
}

const bar = (share: number): string => {
  const full = Math.round(Math.min(1, share) * BAR_WIDTH)
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_WIDTH - full)}] ${String(Math.floor(Math.min(1, share) * 100)).padStart(3)} %`
}

/** To the start of the line, and clear it. */
const wipe = '\r\x1b[K'
