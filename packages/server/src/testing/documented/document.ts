/**
 * What a service has published of how it tells of an asynchronous job, as names: objects with their fields and statuses, cases that are
 * described, errors with their status and body, and what this server answers otherwise on purpose. A file of this folder is one such document; `witness.ts`
 * holds the real server to it.
 */
import type { valueTypes } from './value-types.ts'

export type Json = Readonly<Record<string, unknown>>

/** When a field has a value: in every answer, exactly in some statuses, in some moments of these and never in others, or as it comes. */
export type Setting =
  | 'always'
  | { readonly only: readonly string[] }
  | { readonly within: readonly string[] }
  | 'sometimes'

export type DocumentedField = {
  /** Where the document has it. */
  readonly place: string
  readonly type: keyof typeof valueTypes
  readonly set: Setting
  /** What a field without a value is: null, or not there. */
  readonly unset: 'null' | 'absent'
}

export type DocumentedObject = {
  readonly place: string
  readonly fields: Readonly<Record<string, DocumentedField>>
  /** The words of `status`, each with its place. */
  readonly statuses?: Readonly<Record<string, string>>
  /** What holds for every answer. */
  readonly rules?: Readonly<Record<string, (body: Json) => boolean>>
  /** What is described of some answers: each must come. */
  readonly cases?: Readonly<Record<string, (body: Json) => boolean>>
  /** It has no other fields. */
  readonly isClosed?: boolean
}

export type DocumentedError = {
  readonly place: string
  readonly status: number
  /** All of it; what the document leaves open is any text. */
  readonly body: unknown
  readonly contentType?: string
  /** Header names in lower case. */
  readonly headers?: Readonly<Record<string, RegExp>>
  /** What the service's own library makes of it. */
  readonly raises?: string
}

/** What is answered otherwise than the document has it, and where our documentation says so. */
export type Choice = {
  readonly place: string
  readonly documented: string
  readonly here: string
  /** In `docs/`. */
  readonly page: string
  /** A sentence, or the cells of a table, that the page has; blanks count as one. */
  readonly says: string
  /** What comes in its stead; null when there is nothing to be seen. */
  readonly answer: Pick<DocumentedError, 'status' | 'body' | 'headers' | 'raises'> | null
}

export type PublishedDocument = {
  readonly name: string
  readonly objects: Readonly<Record<string, DocumentedObject>>
  readonly errors: Readonly<Record<string, DocumentedError>>
  /** What is described across several answers, each with its place. */
  readonly promises: Readonly<Record<string, string>>
  readonly choices: Readonly<Record<string, Choice>>
}

type Unset = Pick<DocumentedField, 'unset'>

export const field = (
  type: DocumentedField['type'],
  place: string,
  { set = 'always', unset = 'null' }: { readonly set?: Setting } & Partial<Unset> = {},
): DocumentedField => ({ place, type, set, unset })

/** Of a value that is RFC 3339 or null: its milliseconds, or null. */
export const instantOf = (value: unknown): number | null =>
  typeof value === 'string' ? Date.parse(value) : null

/** Whether instants that are there stand in this order. */
export const inOrder = (...values: readonly unknown[]): boolean => {
  const instants = values.map(instantOf).filter((at) => at !== null)
  return instants.every((at, index) => index === 0 || (instants[index - 1] ?? 0) <= at)
}
