import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'

/** What the OpenAPI document says besides the routes' own schemas. */
export const openApiDocument: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Remanence',
      description:
        'A self-hosted memory server for AI agents. Every write is a durable, observable run: an add answers at once with a `run_id`, and the run tells which memories it created, updated or deleted. Errors are problem documents (RFC 9457) with a stable `code`.',
      version: '1',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key: `rem_…`' } },
    },
    tags: [
      { name: 'memories', description: 'Add, search, list, read and delete memories.' },
      { name: 'runs', description: 'What became of an add.' },
      { name: 'groups', description: 'Topics, and whose memories they keep.' },
      { name: 'conversations', description: 'What was said, message by message.' },
      { name: 'users', description: 'Whom the project knows.' },
      { name: 'keys', description: 'API keys of the project.' },
      { name: 'projects', description: 'The own project, and for an operator all of the server.' },
      { name: 'webhooks', description: 'Endpoints that are told of events, and what they were told.' },
      { name: 'agents', description: 'Models that work with the memory, and what may start them.' },
      { name: 'tools', description: 'Fixed sequences of actions.' },
      { name: 'credits', description: 'What agents and tools may cost, and have cost.' },
      { name: 'transfer', description: 'Carry a project from one server to another.' },
      { name: 'service', description: 'The state of the server.' },
    ],
  },
}
