import type { Route } from '../../../api/route.ts'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

const paths: Readonly<Record<string, readonly string[]>> = {
  'GET, HEAD': ['/get_status/:id', '/get_all/:id', '/get_core/:id'],
  POST: [
    ...['/create/user', '/add_memory', '/get_memory', '/retrieve_memory'],
    ...['/delete_memory', '/delete_memory/general', '/delete_memory/core'],
  ],
}

/** A path of this wire by another method: in plain text, with those it has. */
export const wrongMethods: Route = (app) => {
  for (const [allow, urls] of Object.entries(paths)) {
    const others = methods.filter((method) => !allow.split(', ').includes(method))
    for (const url of urls)
      app.route({
        method: others,
        url,
        handler: async (_request, reply) =>
          reply
            .code(405)
            .header('allow', allow)
            .type('text/plain; charset=utf-8')
            .send('Method Not Allowed\n'),
      })
  }
}
