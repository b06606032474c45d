import { isDeepStrictEqual } from 'node:util'
import { Type } from 'typebox'
import type { Route } from '../../../api/route.ts'
import { STATEMENT_LENGTH_MAX } from '../../../kernel/limits.ts'
import { mergeMemory } from '../../../memories/merge-memory.ts'
import { type MergeStrategy, mergeStrategies } from '../../../memories/merge-texts.ts'
import { ownKey } from '../../../runs/run-key.ts'
import { callOf } from '../call.ts'
import { documentTypes } from '../document-types.ts'
import { findKnownMemory, toMemoryBody } from '../memory-body.ts'
import { IdPath, Metadata, OneOf, refuseLongMetadata } from '../schema.ts'

const Body = Type.Object({
  document: Type.String({ maxLength: STATEMENT_LENGTH_MAX }),
  merge_strategy: Type.Optional(OneOf<MergeStrategy>(mergeStrategies)),
  document_type: Type.Optional(OneOf(documentTypes)),
  metadata: Type.Optional(Metadata),
})

/** Gives a memory another text, at once. Members of the metadata are set beside those it has. */
export const updateMemory: Route = (app) => {
  app.route({
    method: 'PATCH',
    url: '/api/v1/memories/:id',
    config: { scope: 'write' },
    schema: { params: IdPath, body: Body },
    handler: async ({ access, params, body, headers }) => {
      const { document: text, merge_strategy: strategy = 'smart-merge', metadata: given } = body
      const find = async () => {
        const { memory, metadata: known } = await findKnownMemory(access, params.id)
        const metadata = { ...known, ...given }
        refuseLongMetadata(metadata)
        return { memory, metadata: { metadata }, isOther: !isDeepStrictEqual(metadata, known) }
      }
      const call = callOf(headers)
      await mergeMemory(access, find, {
        ...{ text, strategy },
        ...(call !== null && { idempotencyKey: ownKey('edit of a call', [params.id, call, body]) }),
      })
      return toMemoryBody(await findKnownMemory(access, params.id))
    },
  })
}
