/** The two forms an upload comes in: with a file, in parts, or with a text, as an address has its query. */
import type { FastifyRequest } from 'fastify'
import { readMultipartForm } from '../../http/multipart-form.ts'
import type { Limits } from '../../kernel/limits.ts'
import { problem } from '../../kernel/problem.ts'
import type { DocumentFile } from '../../runs/input.ts'

export type UploadForm = {
  /** The last one of each name. */
  readonly fields: ReadonlyMap<string, string>
  /** Whatever its field is called. */
  readonly file: DocumentFile | null
}

/** Throws Problem `invalid_request`, `body_too_large`. */
export const readForm = async (
  request: FastifyRequest,
  { fileBytesMax }: Pick<Limits, 'fileBytesMax'>,
): Promise<UploadForm> => {
  if (request.isMultipart()) {
    // A text may be as long as a file.
    const { fields, file } = await readMultipartForm(request, { fileBytesMax, fieldBytesMax: fileBytesMax })
    return { fields: new Map(fields), file: file?.content ?? null }
  }
  const { body } = request
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
  if (!isForm || typeof body !== 'object' || body === null)
    throw problem('invalid_request', 'An upload is a form: multipart/form-data with a file, or a text.')
  const fields = Object.entries(body).flatMap(([name, value]) => {
    const last: unknown = Array.isArray(value) ? value.at(-1) : value
    return typeof last === 'string' ? [[name, last] as const] : []
  })
  return { fields: new Map(fields), file: null }
}
