/** A document as clients hand it in, alone or among others, and what is made of it. */
import { type Static, Type } from 'typebox'
import { DOCUMENT_LENGTH_MAX, NAME_LENGTH_MAX } from '../../kernel/limits.ts'
import { problem } from '../../kernel/problem.ts'
import type { DocumentRequest } from '../../memories/add-document.ts'
import type { DocumentInput } from '../../runs/input.ts'
import { type DocumentType, documentTypes, type IngestionMode, ingestionModes } from './document-types.ts'
import { scopeMembers } from './members.ts'
import { Metadata, OneOf, readInstant, refuseLongMetadata } from './schema.ts'
import { type Relationship, type ScopeIds, type SynapScope, writeScope } from './scope.ts'

export const DocumentBody = Type.Object({
  document: Type.Unsafe<string | object>({ type: ['string', 'object'], maxLength: DOCUMENT_LENGTH_MAX }),
  document_type: Type.Optional(OneOf<DocumentType>(documentTypes)),
  document_id: Type.Optional(Type.String({ maxLength: NAME_LENGTH_MAX })),
  document_created_at: Type.Optional(Type.String({ maxLength: NAME_LENGTH_MAX })),
  ...scopeMembers,
  mode: Type.Optional(OneOf<IngestionMode>(ingestionModes)),
  metadata: Type.Optional(Metadata),
})

export type DocumentValue = Static<typeof DocumentBody>

/** What is to be taken in, and where it belongs. */
export type ScopedDocument = { readonly scope: SynapScope; readonly request: Omit<DocumentRequest, 'call'> }

/** Throws Problem `invalid_body`, `missing_property`, `empty_content`. */
export const readDocument = (value: DocumentValue, relationship: Relationship): ScopedDocument => {
  const { document, document_type: documentType = 'ai-chat-conversation', document_created_at } = value
  if (typeof document === 'string' && document.trim() === '')
    throw problem('empty_content', 'The document is empty.', {
      errors: [{ location: 'body.document', message: 'empty' }],
    })
  const createdAt = document_created_at || undefined
  return scopedDocument(value, {
    ...{ relationship, documentType, documentId: value.document_id || null },
    input: {
      type: 'document',
      content: typeof document === 'string' ? { text: document } : { file: jsonFile(document) },
      documentType,
      ...(createdAt !== undefined && { createdAt: readInstant(createdAt, 'body.document_created_at') }),
    },
  })
}

type Named = {
  readonly relationship: Relationship
  readonly documentType: string | null
  readonly documentId: string | null
  readonly input: DocumentInput
}

/** Throws Problem `invalid_body`, `missing_property`. */
export const scopedDocument = (
  { metadata = {}, mode = 'long-range', ...ids }: ScopeIds & Pick<DocumentValue, 'metadata' | 'mode'>,
  { relationship, documentType, documentId, input }: Named,
): ScopedDocument => {
  refuseLongMetadata(metadata)
  const scope = writeScope(ids, relationship)
  return {
    scope,
    request: {
      ...{ input, documentId, userId: scope.userId, properties: scope.properties },
      // The one thing in it that is read: clients have no other place for what their library does not know.
      isUpsert: metadata.upsert === true,
      metadata: { document_type: documentType, mode, ...(Object.keys(metadata).length > 0 && { metadata }) },
    },
  }
}

const jsonFile = (document: object) => ({
  base64: Buffer.from(JSON.stringify(document)).toString('base64'),
  ...{ filename: null, mediaType: 'application/json' },
})
