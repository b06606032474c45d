/**
 * Documents that their callers have an id for. Within one scope an id stands for one content: the same once more is the run it was before,
 * another one is refused, or takes its place if that is asked for. Of one that failed, wholly or in part, the id is free again.
 */
import { Problem, problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import type { Group } from '../projects/group.ts'
import { type Properties, userKeyOf } from '../projects/scope.ts'
import type { DocumentInput } from '../runs/input.ts'
import type { Run } from '../runs/run.ts'
import { digestOf, ownKey } from '../runs/run-key.ts'
import { type AddRequest, addTo } from './add-memories.ts'

export type DocumentRequest = {
  readonly input: DocumentInput
  readonly userId: string | null
  readonly properties: Properties
  /** Null: it is like no other, and gets an id that says so. */
  readonly documentId: string | null
  /** What a repetition of the same call has again, so that a document without an id is one then too; null where that is not known. */
  readonly call: string | null
  /** Takes the place of what stands under the id. */
  readonly isUpsert: boolean
  /** Kept with the run. */
  readonly metadata: Readonly<Record<string, unknown>>
}

export type AddedDocument = {
  readonly runId: string
  readonly documentId: string
  readonly isReplayed: boolean
}

/** Several calls in a row are accepted in this order. Throws Problem `document_conflict`, `empty_content`, and what addMemories throws. */
export const addDocument = async (
  access: Access,
  group: Group,
  request: DocumentRequest,
): Promise<AddedDocument> => {
  const documentId = request.documentId ?? access.ids.next()
  try {
    return { documentId, ...(await addTo(access, group, toAdd(group, request, documentId))) }
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'idempotency_key_reused') throw error
    throw documentConflict(documentId)
  }
}

/** By what documents are the same one, and have the same content; null where none has an id. */
export type DocumentIdentity = { readonly key: string; readonly digest: string }

export const documentIdentity = (
  group: Group,
  request: Omit<DocumentRequest, 'call'>,
): DocumentIdentity | null =>
  request.documentId === null
    ? null
    : { key: keyOf(group, request, request.documentId), digest: contentDigest(request.input) }

/** Whether the id stands for another content, of a document that has not failed. */
export const isDocumentTaken = async (
  { storage }: Access,
  { key, digest }: DocumentIdentity,
): Promise<boolean> => {
  const known = await storage.findRunByKey(key)
  if (known === null || known.digest === digest) return false
  const view = await storage.getRun(known.runId)
  return view !== null && !isFailed(view.run)
}

export const documentConflict = (documentId: string): Problem =>
  problem('document_conflict', `The document "${documentId}" has another content already.`)

const isFailed = ({ state }: Run): boolean =>
  state === 'failed' || state === 'partial' || state === 'cancelled'

const toAdd = (
  group: Group,
  { input, userId, properties, documentId, call, isUpsert, metadata }: DocumentRequest,
  shownId: string,
): AddRequest => {
  const request = {
    ...(userId !== null && { userId }),
    properties,
    steering: { metadata: { document_id: shownId, ...metadata } },
  }
  if (documentId === null) {
    if (call === null) return { ...request, input }
    const digest = contentDigest(input)
    const key = ownKey('document of a call', [group.groupId, userId, properties, call, digest])
    return { ...request, input, runKey: { key, digest } }
  }
  const key = keyOf(group, { userId, properties }, documentId)
  // All that was ever said under the id is found by it.
  const tag = key.trim()
  return {
    ...request,
    input: isUpsert ? { ...input, replaces: tag } : input,
    steering: { ...request.steering, tags: [tag] },
    runKey: {
      ...{ key, digest: contentDigest(input), isKept: true },
      renew: { isFailed: true, isOther: isUpsert },
    },
  }
}

const keyOf = (
  { groupId }: Group,
  { userId, properties }: Pick<DocumentRequest, 'userId' | 'properties'>,
  documentId: string,
): string => ownKey('document', [groupId, userId === null ? null : userKeyOf(userId), properties, documentId])

const contentDigest = ({ content, documentType, createdAt }: DocumentInput): string =>
  digestOf({ content, documentType, createdAt })
