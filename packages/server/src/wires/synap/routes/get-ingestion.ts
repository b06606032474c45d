import type { Route } from '../../../api/route.ts'
import { findIngestion, toIngestionStatus } from '../ingestion.ts'
import { IdPath } from '../schema.ts'

/** How an ingestion stands; what it has remembered so far grows while it is processing. */
export const getIngestion: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/api/v1/memories/status/:id',
    config: { scope: 'read' },
    schema: { params: IdPath },
    handler: async ({ access, params }) => toIngestionStatus(await findIngestion(access, params.id)),
  })
}
