/** Content negotiation between a JSON answer and an event stream (RFC 9110, 12.5.1). */

type Wish = { readonly quality: number; readonly exactness: number; readonly position: number }

/** Whether a caller with this `Accept` header would rather have `text/event-stream` than `application/json`. */
export const prefersEventStream = (accept: string | undefined): boolean => {
  const ranges = (accept ?? '').split(',').map(readRange)
  const [stream, json] = [wishFor('text', 'event-stream', ranges), wishFor('application', 'json', ranges)]
  if (stream === null || stream.quality === 0 || stream.exactness < 2) return false
  if (json === null) return true
  return (
    stream.quality > json.quality ||
    (stream.quality === json.quality &&
      (stream.exactness > json.exactness ||
        (stream.exactness === json.exactness && stream.position < json.position)))
  )
}

type Range = { readonly type: string; readonly subtype: string; readonly quality: number }

const readRange = (text: string): Range => {
  const [range = '', ...parameters] = text.toLowerCase().split(';')
  const [type = '', subtype = ''] = range.trim().split('/')
  const weight = parameters.map((parameter) => /^\s*q\s*=\s*([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean)
  return { type, subtype, quality: weight === undefined ? 1 : Number(weight) || 0 }
}

/** By the most exact of the ranges that hold the media type. */
const wishFor = (type: string, subtype: string, ranges: readonly Range[]): Wish | null =>
  ranges
    .map((range, position) => ({
      quality: range.quality,
      exactness: exactness(range, type, subtype),
      position,
    }))
    .filter((wish) => wish.exactness >= 0)
    .sort((a, b) => b.exactness - a.exactness)[0] ?? null

const exactness = (range: Range, type: string, subtype: string): number => {
  if (range.type === type && range.subtype === subtype) return 2
  if (range.type === type && range.subtype === '*') return 1
  return range.type === '*' && range.subtype === '*' ? 0 : -1
}
