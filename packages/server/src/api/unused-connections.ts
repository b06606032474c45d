import type { Socket } from 'node:net'
import type { Api } from './route.ts'

/**
 * A server that stops closes the connections on which no request has come yet; clients open such in advance. Node closes those
 * that are idle after a request, and would wait for these until they time out.
 */
export const closeUnusedConnections = (app: Api): void => {
  const unused = new Set<Socket>()
  app.server.on('connection', (socket) => {
    unused.add(socket)
    socket.once('close', () => unused.delete(socket))
  })
  app.server.on('request', ({ socket }) => unused.delete(socket))
  app.addHook('preClose', (done) => {
    for (const socket of unused) socket.destroy()
    done()
  })
}
