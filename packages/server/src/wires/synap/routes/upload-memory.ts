import type { Api, Route } from '../../../api/route.ts'
import { callOf } from '../call.ts'
import { takeIn } from '../take-in.ts'
import { readUpload } from '../upload-body.ts'
import { readForm } from '../upload-form.ts'

/** Takes a file in, or a text, as a form. The forms are read on this path only. */
export const uploadMemory: Route = (app, { limits, synapRelationship }) => {
  app.register(async (scoped: Api) => {
    scoped.register(import('@fastify/formbody'), { bodyLimit: limits.fileBytesMax })
    scoped.register(import('@fastify/multipart'))
    scoped.route({
      method: 'POST',
      url: '/api/v1/memories/upload',
      bodyLimit: limits.fileBytesMax,
      config: { scope: 'write' },
      handler: async (request) => {
        const form = await readForm(request, limits)
        return takeIn(request.access, readUpload(form, synapRelationship), callOf(request.headers))
      },
    })
  })
}
