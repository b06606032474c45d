/** What an upload says, in the fields of its form. */
import { parseBody, refuseUnstorable } from '../../kernel/json.ts'
import { DOCUMENT_LENGTH_MAX, NAME_LENGTH_MAX } from '../../kernel/limits.ts'
import { Problem, problem } from '../../kernel/problem.ts'
import type { DocumentInput } from '../../runs/input.ts'
import { type ScopedDocument, scopedDocument } from './document-body.ts'
import { documentTypes, ingestionModes } from './document-types.ts'
import { readInstant } from './schema.ts'
import { type Relationship, relationships } from './scope.ts'
import type { UploadForm } from './upload-form.ts'

/**
 * A file goes before a text. Beside the fields that clients send, `document_id` and `document_created_at` are read as of any document. Throws
 * Problem `invalid_body`, `empty_content`, `missing_property`.
 */
export const readUpload = ({ fields, file }: UploadForm, usual: Relationship): ScopedDocument => {
  refuseUnstorable(Object.fromEntries(fields))
  const field = (name: string): string | undefined => fields.get(name) || undefined
  const documentType = wordOf(documentTypes, 'document_type', field('document_type'))
  const createdAt = field('document_created_at')
  const input: DocumentInput = {
    type: 'document',
    content: file === null ? { text: textOf(field('text')) } : { file },
    ...(documentType !== undefined && { documentType }),
    ...(createdAt !== undefined && { createdAt: readInstant(createdAt, 'body.document_created_at') }),
  }
  const mode = wordOf(ingestionModes, 'mode', field('mode'))
  return scopedDocument(
    {
      user_id: idOf(field, 'user_id'),
      customer_id: idOf(field, 'customer_id'),
      metadata: metadataOf(field('metadata')),
      ...(mode !== undefined && { mode }),
    },
    {
      relationship: relationshipOf(field('relationship_type'), usual),
      documentType: documentType ?? null,
      documentId: idOf(field, 'document_id') ?? null,
      input,
    },
  )
}

/** The library says `b2c` of each upload that nobody has said anything else of; so that is no word against what holds on the server. */
const relationshipOf = (value: string | undefined, usual: Relationship): Relationship =>
  wordOf(relationships, 'relationship_type', value) === 'b2b' ? 'b2b' : usual

const wrong = (name: string, message: string): Problem =>
  problem('invalid_body', `body.${name} ${message}`, { errors: [{ message, location: `body.${name}` }] })

const wordOf = <Word extends string>(
  words: readonly Word[],
  name: string,
  value: string | undefined,
): Word | undefined => {
  if (value === undefined) return undefined
  const word = words.find((one) => one === value)
  if (word === undefined) throw wrong(name, `must be one of ${words.join(', ')}`)
  return word
}

const idOf = (field: (name: string) => string | undefined, name: string): string | undefined => {
  const value = field(name)
  if (value === undefined) return undefined
  if ([...value].length > NAME_LENGTH_MAX)
    throw wrong(name, `must not have more than ${NAME_LENGTH_MAX} characters`)
  if (value.trim() === '' || /\p{Cc}/u.test(value)) throw wrong(name, 'must be printable text')
  return value
}

const textOf = (value: string | undefined): string => {
  if (value === undefined || value.trim() === '')
    throw problem('empty_content', 'There is neither a file nor a text.')
  if (value.length > DOCUMENT_LENGTH_MAX)
    throw wrong('text', `must not have more than ${DOCUMENT_LENGTH_MAX} characters`)
  return value
}

const metadataOf = (value: string | undefined): Record<string, unknown> => {
  if (value === undefined) return {}
  const metadata = parsed(value)
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata))
    throw wrong('metadata', 'must be an object in JSON')
  // safety: as just checked
  return metadata as Record<string, unknown>
}

const parsed = (text: string): unknown => {
  try {
    return parseBody(Buffer.from(text))
  } catch (error) {
    throw error instanceof Problem ? wrong('metadata', 'must be an object in JSON') : error
  }
}
