import swaggerUi from '@fastify/swagger-ui'
import type { Route } from '../route.ts'

/** The OpenAPI document, and a page to browse it. */
export const docs: Route = (app) => {
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  app.register(swaggerUi, { routePrefix: '/docs', uiConfig: { persistAuthorization: true } })
}
