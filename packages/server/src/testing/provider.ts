/**
 * A provider of language models on this machine. It speaks both kinds (`/chat/completions` and `/messages` under any base
 * address), whole and streamed, answers as the test says, well or badly, and records what it was asked.
 *
 *     await using provider = await startProvider({
 *       answers: [{ toolCalls: [{ name: 'memory_search', arguments: { query: 'bees' } }] }, 'Mara keeps bees.'],
 *     })
 *     // … modelUrl: `${provider.url}/v1`
 *     expect(provider.requests[1]?.body).toMatchObject({ model: 'small' })
 */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { type Wire, wires } from './provider-wires.ts'

/** Arguments that are a text are sent as they are, well formed or not. */
export type ToldCall = {
  readonly name: string
  readonly arguments: object | string
  readonly id?: string
}

/** An answer in good form, up to `ending`. */
export type ToldAnswer = {
  readonly text?: string
  readonly toolCalls?: readonly ToldCall[]
  /** In the provider's own word. */
  readonly finish?: string
  readonly usage?: { readonly input?: number; readonly output?: number; readonly cached?: number }
  /** What comes in place of the end: nothing more, a cut connection, an end without one, or an error. */
  readonly ending?:
    | 'hang'
    | 'cut'
    | 'stop'
    | { readonly error: { readonly type: string; readonly message: string } }
}

/** A text alone is an answer of it. `hang` never answers; `cut` closes the connection. */
export type ProviderAnswer =
  | string
  | ToldAnswer
  | 'hang'
  | 'cut'
  | {
      readonly status: number
      readonly message?: string
      readonly headers?: Readonly<Record<string, string>>
    }
  /** Sent as it is, as a stream of events unless it is said to be something else. */
  | { readonly raw: string | Uint8Array; readonly contentType?: string }

export type ProviderRequest = {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Readonly<Record<string, unknown>>
  /** Resolves when the connection of the request is closed before its answer has ended. */
  readonly closed: Promise<void>
}

export type Provider = AsyncDisposable & {
  /** Without a path. */
  readonly url: string
  readonly requests: readonly ProviderRequest[]
  /** Resolves with all that came once there are so many. */
  readonly until: (count: number) => Promise<readonly ProviderRequest[]>
}

export type ProviderScript = {
  /** One for each request, in order, or what is answered to a request. */
  readonly answers:
    | readonly ProviderAnswer[]
    | ((request: ProviderRequest, index: number) => ProviderAnswer | Promise<ProviderAnswer>)
}

const WAIT_MS_MAX = 20_000
const noMore: ProviderAnswer = { status: 400, message: 'the test has no answer to this request' }

export const startProvider = async ({ answers }: ProviderScript): Promise<Provider> => {
  const requests: ProviderRequest[] = []
  const arrivals = new EventTarget()
  const server = createServer(async (message, response) => {
    const text = (await buffer(message)).toString()
    const closed = new Promise<void>((resolve) => {
      response.once('close', () => {
        if (!response.writableFinished) resolve()
      })
    })
    const path = message.url ?? ''
    const request = { path, headers: message.headers, body: JSON.parse(text), closed }
    const index = requests.push(request) - 1
    arrivals.dispatchEvent(new Event('arrival'))
    const wire = wires.find((each) => path.endsWith(each.path))
    if (wire === undefined) return void response.writeHead(404).end()
    const answer = typeof answers === 'function' ? await answers(request, index) : (answers[index] ?? noMore)
    send(response, wire, { answer, isStreamed: request.body.stream === true })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // safety: it listens on a port
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    until: async (count) => {
      const signal = AbortSignal.timeout(WAIT_MS_MAX)
      while (requests.length < count) await once(arrivals, 'arrival', { signal })
      return requests
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

type Sending = { readonly answer: ProviderAnswer; readonly isStreamed: boolean }

const send = (response: ServerResponse, wire: Wire, { answer, isStreamed }: Sending): void => {
  if (answer === 'hang') return
  if (answer === 'cut') {
    response.destroy()
  } else if (typeof answer === 'object' && 'status' in answer) {
    const { status, message = 'the provider is not well', headers = {} } = answer
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify(wire.error({ type: 'test_error', message })))
  } else if (typeof answer === 'object' && 'raw' in answer) {
    response.writeHead(200, { 'content-type': answer.contentType ?? 'text/event-stream' })
    response.end(answer.raw)
  } else {
    const { toolCalls = [], ...told } = typeof answer === 'string' ? { text: answer } : answer
    const full = { ...told, toolCalls: toolCalls.map((call, index) => ({ id: `call_${index}`, ...call })) }
    if (isStreamed) stream(response, wire, full)
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(wire.whole(full)))
  }
}

const stream = (response: ServerResponse, wire: Wire, answer: ToldAnswer): void => {
  const { ending } = answer
  const { said, end } = wire.events(answer)
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const each of said) response.write(each)
  if (ending === 'hang') return
  // Not before what was said has gone out.
  if (ending === 'cut') {
    response.write(': \n\n', () => response.destroy())
    return
  }
  if (typeof ending === 'object') response.write(wire.errorEvent(ending.error))
  response.end(ending === undefined ? end.join('') : '')
}
