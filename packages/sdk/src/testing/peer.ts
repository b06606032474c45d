/** A real HTTP server on this machine for the client to talk to: it records what comes and answers as the test says. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export type ReceivedRequest = {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: unknown
}

/** `drop` closes the connection without an answer, `hang` never answers. */
export type PeerAnswer =
  | { readonly status?: number; readonly body?: unknown; readonly headers?: Record<string, string> }
  | 'drop'
  | 'hang'

export type Peer = AsyncDisposable & { readonly url: string; readonly received: readonly ReceivedRequest[] }

export const startPeer = async (
  answer: (request: ReceivedRequest, index: number) => PeerAnswer,
): Promise<Peer> => {
  const received: ReceivedRequest[] = []
  const server = createServer(async (message, response) => {
    const request = {
      method: message.method ?? '',
      url: message.url ?? '',
      headers: message.headers,
      body: await readJson(message),
    }
    const reply = answer(request, received.push(request) - 1)
    if (reply === 'hang') return
    if (reply === 'drop') return void message.socket.destroy()
    const { status = 200, body, headers = {} } = reply
    const type = typeof body === 'string' ? 'text/plain' : 'application/json'
    response.writeHead(status, body === undefined ? headers : { 'content-type': type, ...headers })
    response.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // safety: it listens on a port
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const readJson = async (message: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  return text === '' ? undefined : JSON.parse(text)
}
