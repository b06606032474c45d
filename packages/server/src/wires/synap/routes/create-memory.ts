import type { Route } from '../../../api/route.ts'
import { callOf } from '../call.ts'
import { DocumentBody, readDocument } from '../document-body.ts'
import { takeIn } from '../take-in.ts'

/** Takes a text in. It is stored durably when this answers, and everything else is still to come. */
export const createMemory: Route = (app, { limits, synapRelationship }) => {
  app.route({
    method: 'POST',
    url: '/api/v1/memories/create',
    // A document is as large as a file may be.
    bodyLimit: limits.fileBytesMax,
    config: { scope: 'write' },
    schema: { body: DocumentBody },
    handler: ({ access, body, headers }) =>
      takeIn(access, readDocument(body, synapRelationship), callOf(headers)),
  })
}
