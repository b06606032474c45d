/** A document as an add hands it in: a text, a file in base64, or a form with a file. */
import { type Static, Type } from 'typebox'
import { DOCUMENT_LENGTH_MAX } from '../../kernel/limits.ts'
import { problem } from '../../kernel/problem.ts'
import type { DocumentInput } from '../../runs/input.ts'
import { Instant, Name } from './schema.ts'

const hints = {
  filename: Type.Optional(Name('As the file was called.')),
  media_type: Type.Optional(Name('As the file was declared, with its charset if it has one.')),
  document_type: Type.Optional(Name('What you call it: a format, or what kind of text it is.')),
  created_at: Type.Optional(Instant),
}

export const DocumentInputRepresentation = Type.Object(
  {
    text: Type.Optional(Type.String({ maxLength: DOCUMENT_LENGTH_MAX })),
    file: Type.Optional(
      Type.String({
        minLength: 1,
        pattern: '^[A-Za-z0-9+/]*={0,2}$',
        description: 'The bytes of a file, in base64.',
      }),
    ),
    ...hints,
  },
  {
    additionalProperties: false,
    description: 'Either `text` or `file`. Its parts become the inputs of the run.',
  },
)

/** The same as fields of a form. What it says of the file goes before what its part says. */
export const documentFields = {
  file: Type.String({
    contentMediaType: 'application/octet-stream',
    description:
      'The file, as the one part with a file name. It is read, and its parts become the inputs of the run.',
  }),
  ...hints,
}

/** Throws Problem `invalid_request`. */
export const readDocumentInput = (given: Static<typeof DocumentInputRepresentation>): DocumentInput => {
  const { text, file, filename, media_type, document_type, created_at } = given
  if ((text === undefined) === (file === undefined))
    throw problem('invalid_request', 'A document is either a text or a file.', {
      errors: [{ message: text === undefined ? 'has neither' : 'has both', location: 'body.input.document' }],
    })
  return {
    type: 'document',
    content:
      file === undefined
        ? { text: text ?? '' }
        : { file: { base64: file, filename: filename ?? null, mediaType: media_type ?? null } },
    ...(document_type !== undefined && { documentType: document_type }),
    ...(created_at !== undefined && { createdAt: Date.parse(created_at) }),
  }
}
