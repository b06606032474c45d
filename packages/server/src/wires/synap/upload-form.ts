/** The two forms an upload comes in: with a file, in parts, or with a text, as an address has its query. */
import type { FastifyRequest } from 'fastify'
import { Problem, problem } from '../../kernel/problem.ts'
import type { DocumentFile } from '../../runs/input.ts'

export type UploadForm = {
  /** The last one of each name. */
  readonly fields: ReadonlyMap<string, string>
  readonly file: DocumentFile | null
}

/** Fields of a form: more than clients know, and few enough to hold. */
const FIELD_COUNT_MAX = 32

type Bounds = { readonly fileBytesMax: number; readonly bodyBytesMax: number }

/** Throws Problem `invalid_request`, `body_too_large`. */
export const readForm = async (request: FastifyRequest, bounds: Bounds): Promise<UploadForm> => {
  if (request.isMultipart()) return readParts(request, bounds)
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

const readParts = async (
  request: FastifyRequest,
  { fileBytesMax, bodyBytesMax }: Bounds,
): Promise<UploadForm> => {
  const fields = new Map<string, string>()
  let file: DocumentFile | null = null
  const limits = {
    ...{ files: 1, fileSize: fileBytesMax, fields: FIELD_COUNT_MAX },
    ...{ fieldSize: bodyBytesMax, parts: FIELD_COUNT_MAX + 1 },
  }
  try {
    for await (const part of request.parts({ limits })) {
      if (part.type === 'file') {
        const bytes = await part.toBuffer()
        file = {
          base64: bytes.toString('base64'),
          filename: part.filename === '' ? null : part.filename,
          mediaType: part.mimetype,
        }
      } else if (part.valueTruncated) throw tooLarge(`The field ${part.fieldname}`, bodyBytesMax)
      else fields.set(part.fieldname, String(part.value))
    }
  } catch (error) {
    throw formProblem(error, fileBytesMax)
  }
  return { fields, file }
}

const tooLarge = (what: string, bytesMax: number): Problem =>
  problem('body_too_large', `${what} has more than ${bytesMax} bytes.`)

/** Whatever keeps a form from being read is about the form. */
const formProblem = (error: unknown, fileBytesMax: number): Problem => {
  if (error instanceof Problem) return error
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'FST_REQ_FILE_TOO_LARGE') return tooLarge('The file', fileBytesMax)
  const reason = error instanceof Error ? error.message : String(error)
  return problem('invalid_request', `The form cannot be read: ${reason}`, { cause: error })
}
