/** `12 ms`, `3.4 s`, `5 min` */
export const duration = (ms: number): string => {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`
  return `${(ms / 3_600_000).toFixed(1)} h`
}

const steps = [
  { below: 60, seconds: 1, unit: 's' },
  { below: 3_600, seconds: 60, unit: 'min' },
  { below: 86_400, seconds: 3_600, unit: 'h' },
  { below: 30 * 86_400, seconds: 86_400, unit: 'd' },
] as const

/** `just now`, `12 s ago`, `3 h ago`; the date when it is more than 30 days from `now`. */
export const relativeTime = (iso: string, now: number): string => {
  const seconds = Math.round((now - Date.parse(iso)) / 1_000)
  if (Math.abs(seconds) < 2) return 'just now'
  const step = steps.find(({ below }) => Math.abs(seconds) < below)
  if (!step) return iso.slice(0, 10)
  const count = `${Math.floor(Math.abs(seconds) / step.seconds)} ${step.unit}`
  return seconds > 0 ? `${count} ago` : `in ${count}`
}
