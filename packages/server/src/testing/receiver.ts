/** A real endpoint for webhooks on this machine: it records what comes and answers as the test says, per request. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

export type Received = {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** As it came. */
  readonly body: string
  readonly json: { readonly type: string; readonly timestamp: string; readonly data: Record<string, unknown> }
}

/** `hang` never answers, `drop` closes the connection. */
export type Reply =
  | number
  | 'hang'
  | 'drop'
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }

export type Receiver = AsyncDisposable & {
  readonly url: string
  readonly port: number
  readonly received: readonly Received[]
  /** Resolves with all that came once there is this much. */
  readonly until: (count: number) => Promise<readonly Received[]>
  /** Closes the connections there are. */
  readonly disconnect: () => void
}

const WAIT_MS_MAX = 20_000

export const startReceiver = async (
  reply: (request: Received, index: number) => Reply | Promise<Reply> = () => 204,
  host = '127.0.0.1',
): Promise<Receiver> => {
  const received: Received[] = []
  const arrivals = new EventTarget()
  const server = createServer(async (message, response) => {
    const body = (await buffer(message)).toString()
    const request = {
      path: message.url ?? '',
      headers: message.headers,
      body,
      json: body === '' ? null : JSON.parse(body),
    }
    const index = received.push(request) - 1
    arrivals.dispatchEvent(new Event('arrival'))
    const given = await reply(request, index)
    if (given === 'hang') return
    if (given === 'drop') return void message.socket.destroy()
    const { status, headers = {}, body: text = '' } = typeof given === 'number' ? { status: given } : given
    response.writeHead(status, headers).end(text)
  })
  server.listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // safety: it listens on a port
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    until: async (count) => {
      const signal = AbortSignal.timeout(WAIT_MS_MAX)
      while (received.length < count) {
        await once(arrivals, 'arrival', { signal }).catch(() => {
          throw new Error(
            `${received.length} of ${count} came: ${received.map(({ body }) => body).join('\n')}`,
          )
        })
      }
      return received
    },
    disconnect: () => server.closeAllConnections(),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
