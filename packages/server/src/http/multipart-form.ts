/**
 * Forms in parts (multipart/form-data): fields, and at most one file. What is too much is refused as soon as it is seen, not when all of it
 * has come. What the caller still sends is read into nothing then, so that it gets to read the answer.
 */
import { buffer } from 'node:stream/consumers'
import type { MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { FORM_FIELD_COUNT_MAX, NAME_LENGTH_MAX } from '../kernel/limits.ts'
import { Problem, problem } from '../kernel/problem.ts'
import type { DocumentFile } from '../runs/input.ts'

export type MultipartForm = {
  /** In the order they came; a name may come several times. */
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly file: FormFile | null
}

/** A file, and the name of the field it came in. */
export type FormFile = { readonly field: string; readonly content: DocumentFile }

type Bounds = {
  readonly fileBytesMax: number
  /** Of all fields together. */
  readonly fieldBytesMax: number
}

/** Throws Problem `invalid_request`, `body_too_large`. The plugin `@fastify/multipart` must be there. */
export const readMultipartForm = async (request: FastifyRequest, bounds: Bounds): Promise<MultipartForm> => {
  try {
    return await readParts(request, bounds)
  } catch (error) {
    request.raw.unpipe().resume()
    throw formProblem(error)
  }
}

const readParts = async (
  request: FastifyRequest,
  { fileBytesMax, fieldBytesMax }: Bounds,
): Promise<MultipartForm> => {
  const fields: (readonly [string, string])[] = []
  let file: FormFile | null = null
  let fieldBytes = 0
  const limits = {
    ...{ files: 1, fileSize: fileBytesMax, fields: FORM_FIELD_COUNT_MAX },
    ...{ fieldSize: fieldBytesMax, parts: FORM_FIELD_COUNT_MAX + 1 },
  }
  for await (const part of request.parts({ limits })) {
    if (part.type === 'file') {
      file = { field: part.fieldname, content: await readFile(part, fileBytesMax) }
      continue
    }
    // What says that it is JSON has been parsed on the way.
    const value = typeof part.value === 'string' ? part.value : JSON.stringify(part.value)
    fieldBytes += Buffer.byteLength(value)
    if (part.valueTruncated || fieldBytes > fieldBytesMax)
      throw tooLarge('The text of the fields', fieldBytesMax)
    fields.push([part.fieldname, value])
  }
  return { fields, file }
}

const readFile = async (
  { file, filename, mimetype }: MultipartFile,
  bytesMax: number,
): Promise<DocumentFile> => {
  file.once('limit', () => file.destroy(tooLarge('The file', bytesMax)))
  const bytes = await buffer(file)
  // The limit may have been met before anybody listened.
  if (file.truncated) throw tooLarge('The file', bytesMax)
  return { base64: bytes.toString('base64'), filename: nameOf(filename), mediaType: nameOf(mimetype) }
}

/** Hints of the sender, as far as they are names. */
const nameOf = (name: string | undefined): string | null =>
  (name ?? '')
    .replace(/\p{Cc}/gu, '')
    .slice(-NAME_LENGTH_MAX)
    .toWellFormed()
    .trim() || null

const tooLarge = (what: string, bytesMax: number): Problem =>
  problem('body_too_large', `${what} has more than ${bytesMax} bytes.`)

/** Whatever keeps a form from being read is about the form. */
const formProblem = (error: unknown): Problem => {
  if (error instanceof Problem) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reason = reasons[code] ?? (error instanceof Error ? error.message : String(error))
  return problem('invalid_request', `The form cannot be read: ${reason}`, {
    errors: [{ message: reason, location: 'body' }],
    cause: error,
  })
}

const reasons: Readonly<Record<string, string>> = {
  FST_FILES_LIMIT: 'it holds more than one file',
  FST_FIELDS_LIMIT: `it holds more than ${FORM_FIELD_COUNT_MAX} fields`,
  FST_PARTS_LIMIT: `it holds more than ${FORM_FIELD_COUNT_MAX} fields`,
}
