/**
 * Texts with places for values: `{{args.city}}` is what is found at that path, by own members and positions only. A place that is all
 * of a text keeps the type of its value. Nothing is computed, and what was filled in is not looked through again.
 *
 * A place without anything to find is a TemplateError. What is there and `undefined` was left out by whoever could have given it: the
 * member or entry whose whole text is such a place is left out too.
 */
import { FILLED_LENGTH_MAX } from '../kernel/limits.ts'

export type Values = Readonly<Record<string, unknown>>

/** A template and its values do not fit together; the message is a sentence for people. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'
}

/** Writes a value into the middle of a text. Throws TemplateError when it cannot stand there. */
export type WriteValue = (value: unknown, place: string) => string

/** Fills every text in a JSON value. Names of members are no templates. */
export const fill = (template: unknown, values: Values): unknown => {
  const filled = fillValue(template, { values, room: createRoom() })
  return filled === undefined ? null : filled
}

/** Fills a text that stays one. */
export const fillText = (template: string, values: Values, write: WriteValue = asText): string =>
  writeText(template, { values, room: createRoom() }, write)

/** The paths of all places in a JSON value, as they are written. Throws TemplateError. */
export const placesOf = (template: unknown): readonly string[] => {
  if (typeof template === 'string') return piecesOf(template).flatMap(({ path }) => path ?? [])
  if (template === null || typeof template !== 'object') return []
  return Object.values(template).flatMap(placesOf)
}

/** Text, numbers and truth values: what can stand where there is no room for structure. */
export const asScalar: WriteValue = (value, place) => {
  if (typeof value === 'string' && value.isWellFormed()) return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new TemplateError(`{{${place}}} must be a text, a number or a truth value here`)
}

const asText: WriteValue = (value) => (typeof value === 'string' ? value : JSON.stringify(value))

type Filling = { readonly values: Values; readonly room: (length: number) => void }

/** Places may multiply what is filled in, so that it all has a bound. */
const createRoom = () => {
  let left = FILLED_LENGTH_MAX
  return (length: number) => {
    left -= length
    if (left < 0) throw new TemplateError(`what was filled in is longer than ${FILLED_LENGTH_MAX} characters`)
  }
}

const fillValue = (template: unknown, filling: Filling): unknown => {
  if (typeof template === 'string') return fillWhole(template, filling)
  if (template === null || typeof template !== 'object') return template
  if (Array.isArray(template))
    return template.map((entry) => fillValue(entry, filling)).filter((entry) => entry !== undefined)
  return Object.fromEntries(
    Object.entries(template).flatMap(([key, member]) => {
      const filled = fillValue(member, filling)
      return filled === undefined ? [] : [[key, filled]]
    }),
  )
}

const fillWhole = (template: string, filling: Filling): unknown => {
  const [first, ...others] = piecesOf(template)
  if (first?.path === undefined || others.length > 0) return writeText(template, filling, asText)
  const value = valueAt(first.path, filling.values)
  if (value !== undefined) filling.room(JSON.stringify(value).length)
  return value
}

const writeText = (template: string, { values, room }: Filling, write: WriteValue): string => {
  let text = ''
  for (const { path, literal } of piecesOf(template)) {
    const piece = path === undefined ? literal : write(given(path, valueAt(path, values)), path)
    room(piece.length)
    text += piece
  }
  return text
}

const given = (path: string, value: unknown): unknown => {
  if (value === undefined) throw new TemplateError(`{{${path}}} is not given`)
  return value
}

type Piece =
  | { readonly path: string; readonly literal?: undefined }
  | { readonly path?: undefined; readonly literal: string }

const piecesOf = (template: string): readonly Piece[] =>
  // Every second piece is what stood between the braces.
  template.split(/\{\{([^{}]*)\}\}/).flatMap((piece, index): readonly Piece[] => {
    if (index % 2 === 1) return [{ path: piece.trim() }]
    if (piece.includes('{{'))
      throw new TemplateError(`a place begins with {{ and does not end with }}: ${shorten(piece)}`)
    return piece === '' ? [] : [{ literal: piece }]
  })

const SHOWN_LENGTH = 60
const shorten = (text: string): string => text.slice(text.indexOf('{{')).slice(0, SHOWN_LENGTH)

const valueAt = (path: string, values: Values): unknown => {
  let value: unknown = values
  for (const key of path.split('.')) {
    if (!has(value, key)) throw new TemplateError(`{{${path}}} names nothing: there is no "${key}"`)
    value = value[key]
  }
  return value
}

const has = (value: unknown, key: string): value is Readonly<Record<string, unknown>> =>
  value !== null &&
  typeof value === 'object' &&
  Object.hasOwn(value, key) &&
  (!Array.isArray(value) || /^\d+$/.test(key))
