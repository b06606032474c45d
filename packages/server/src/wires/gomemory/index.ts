/** The API of Go Memory: jobs by request id, core and general memories, for its own clients. `docs/wires/gomemory.md` is its documentation. */
import type { Wire } from '../../api/route.ts'
import { renderError } from './errors.ts'
import { addMemory } from './routes/add-memory.ts'
import { createUser } from './routes/create-user.ts'
import { deleteMemories } from './routes/delete-memories.ts'
import { getMemory } from './routes/get-memory.ts'
import { getStatus } from './routes/get-status.ts'
import { listMemories } from './routes/list-memories.ts'
import { wrongMethods } from './routes/wrong-methods.ts'

export const gomemory: Wire = {
  name: 'gomemory',
  routes: [createUser, addMemory, getStatus, getMemory, listMemories, deleteMemories, wrongMethods],
  renderError,
  // Bodies are read by the routes, whatever their content type says.
  prepare: (app) => {
    app.addHook('onRequest', (request, _reply, done) => {
      if (request.headers['content-type'] !== undefined) request.headers['content-type'] = 'application/json'
      done()
    })
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => body)
  },
}
