/**
 * Many documents at once. Each stands for itself: one that is refused is told in its place, and the others are taken in, in their order. With
 * `fail_fast` one that is wrong, or whose id stands for another content, refuses all of them before any is taken in.
 */
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Route } from '../../../api/route.ts'
import { toIso } from '../../../kernel/clock.ts'
import { Problem, problem } from '../../../kernel/problem.ts'
import {
  addDocument,
  documentConflict,
  documentIdentity,
  isDocumentTaken,
} from '../../../memories/add-document.ts'
import type { Access } from '../../../projects/access.ts'
import type { Group } from '../../../projects/group.ts'
import { callOf } from '../call.ts'
import { DocumentBody, type DocumentValue, readDocument, type ScopedDocument } from '../document-body.ts'
import { groupToWrite } from '../groups.ts'
import { stripEmpty } from '../schema.ts'
import type { Relationship } from '../scope.ts'
import { acknowledge } from '../take-in.ts'

/** Documents in one call. */
const DOCUMENT_COUNT_MAX = 100

const Body = Type.Object({
  documents: Type.Array(Type.Unknown(), { minItems: 1, maxItems: DOCUMENT_COUNT_MAX }),
  fail_fast: Type.Optional(Type.Boolean()),
})

export const createMemories: Route = (app, { limits, synapRelationship }) => {
  app.route({
    method: 'POST',
    url: '/api/v1/memories/batch',
    bodyLimit: limits.fileBytesMax,
    config: { scope: 'write' },
    schema: { body: Body },
    handler: async (request) => {
      const { access, body } = request
      const rows = readRows(request, body, synapRelationship)
      const groups = await groupsOf(access, rows)
      if (body.fail_fast === true) await refuseAny(access, rows, groups)
      const call = callOf(request.headers)
      const results = await Promise.all(
        rows.map((row, place) => takeRow(access, row, { groups, call: call && `${call} ${place}` })),
      )
      const failed = results.filter(({ isRefused }) => isRefused).length
      return {
        batch_id: access.ids.next(),
        total: results.length,
        succeeded: results.length - failed,
        failed,
        results: results.map(({ row }) => row),
      }
    },
  })
}

/** What can be taken in, or why not. */
type Row = (ScopedDocument | { readonly refusal: Problem }) & { readonly documentId: string | null }
type Groups = ReadonlyMap<string, Group>

const readRows = (
  request: FastifyRequest,
  { documents }: Static<typeof Body>,
  relationship: Relationship,
): readonly Row[] => {
  const wrongIn = request.compileValidationSchema(DocumentBody, 'body')
  return documents.map((given) => {
    const value = stripEmpty(given)
    const documentId = documentIdIn(value)
    try {
      // safety: the validator of the app answers true, or what is wrong
      const answer = wrongIn(value) as unknown as true | { readonly error: readonly Issue[] }
      if (answer !== true) throw problem('invalid_body', sentenceOf(answer.error[0]))
      // safety: as just checked
      return { ...readDocument(value as DocumentValue, relationship), documentId }
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      return { refusal: error, documentId }
    }
  })
}

type Issue = { readonly instancePath?: string; readonly message?: string }

const sentenceOf = ({ instancePath = '', message = 'is invalid' }: Issue = {}): string =>
  `${instancePath === '' ? 'the document' : instancePath.slice(1).replaceAll('/', '.')} ${message}`

const documentIdIn = (value: unknown): string | null => {
  const id = typeof value === 'object' && value !== null && 'document_id' in value ? value.document_id : null
  return typeof id === 'string' && id !== '' ? id : null
}

const groupsOf = async (access: Access, rows: readonly Row[]): Promise<Groups> => {
  const names = new Set(rows.flatMap((row) => ('scope' in row ? [row.scope.group] : [])))
  const groups = [...names].map(async (name) => [name, await groupToWrite(access, name)] as const)
  return new Map(await Promise.all(groups))
}

/** Throws the refusal of the first that cannot be taken in. */
const refuseAny = async (access: Access, rows: readonly Row[], groups: Groups): Promise<void> => {
  // What is taken in with the same call comes before it.
  const digests = new Map<string, string>()
  for (const [place, row] of rows.entries()) {
    const refusal = 'refusal' in row ? row.refusal : await conflictOf(access, row, { groups, digests })
    if (refusal !== null)
      throw new Problem(refusal.code, `documents[${place}]: ${refusal.message}`, refusal.members)
  }
}

const conflictOf = async (
  access: Access,
  { scope, request }: ScopedDocument,
  { groups, digests }: { readonly groups: Groups; readonly digests: Map<string, string> },
): Promise<Problem | null> => {
  const identity = documentIdentity(groupOf(groups, scope.group), request)
  if (identity === null) return null
  const { key, digest } = identity
  const before = digests.get(key)
  digests.set(key, digest)
  if (request.isUpsert) return null
  const isTaken = before === undefined ? await isDocumentTaken(access, identity) : before !== digest
  return isTaken ? documentConflict(request.documentId ?? '') : null
}

const groupOf = (groups: Groups, name: string): Group => {
  const group = groups.get(name)
  if (group === undefined) throw new Error(`the group "${name}" was not made`)
  return group
}

const takeRow = async (
  access: Access,
  row: Row,
  { groups, call }: { readonly groups: Groups; readonly call: string | null },
) => {
  if ('refusal' in row) return refused(access, row.documentId, row.refusal)
  try {
    // Nothing is waited for before it, so that the rows are accepted in their order.
    const added = await addDocument(access, groupOf(groups, row.scope.group), { ...row.request, call })
    return { isRefused: false, row: await acknowledge(access, added) }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return refused(access, row.documentId, error)
  }
}

/** Clients read an id, a time and a state in every row, so it has them; there is no run of this id. */
const refused = ({ ids, clock }: Access, documentId: string | null, { message }: Problem) => ({
  isRefused: true,
  row: {
    ingestion_id: ids.next(),
    document_id: documentId ?? ids.next(),
    status: 'failed',
    queued_at: toIso(clock.now()),
    error_message: message,
  },
})
