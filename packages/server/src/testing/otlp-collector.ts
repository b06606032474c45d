/** A collector of traces for tests: takes OTLP over HTTP as JSON, and can be slow or out of order. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type CollectedSpan = {
  readonly service: string
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | null
  readonly kind: number
  /** Nanoseconds since the epoch. */
  readonly startedAt: bigint
  readonly endedAt: bigint
  /** 2 is an error. */
  readonly status: number
  readonly attributes: Readonly<Record<string, string | number | boolean>>
}

export type Collector = AsyncDisposable & {
  readonly url: string
  readonly spans: () => readonly CollectedSpan[]
  readonly requests: () => readonly { readonly path: string; readonly headers: IncomingHttpHeaders }[]
  /** Resolves once `enough` is true of what came. */
  readonly until: (enough: (spans: readonly CollectedSpan[]) => boolean) => Promise<readonly CollectedSpan[]>
}

type Answer = (response: ServerResponse) => void

const accept: Answer = (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}')

/** `answer` is what each request gets. */
export const startCollector = async (answer: Answer = accept): Promise<Collector> => {
  const spans: CollectedSpan[] = []
  const requests: { path: string; headers: IncomingHttpHeaders }[] = []
  const waiting = new Set<() => void>()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    requests.push({ path: request.url ?? '', headers: request.headers })
    answer(response)
    if (response.statusCode === 200) spans.push(...readSpans(Buffer.concat(chunks).toString()))
    for (const look of waiting) look()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // safety: it listens on a port
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    spans: () => spans,
    requests: () => requests,
    until: async (enough) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      const look = () => enough(spans) && resolve()
      waiting.add(look)
      look()
      await promise
      waiting.delete(look)
      return spans
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

type WireValue = {
  stringValue?: string
  intValue?: number | string
  boolValue?: boolean
  doubleValue?: number
}
type WireSpan = {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly status?: { readonly code?: number }
  readonly attributes?: readonly { readonly key: string; readonly value: WireValue }[]
}

const readSpans = (body: string): CollectedSpan[] => {
  // safety: a shape that is another fails the test that looks at it
  const { resourceSpans } = JSON.parse(body) as {
    resourceSpans: { resource: Pick<WireSpan, 'attributes'>; scopeSpans: { spans: WireSpan[] }[] }[]
  }
  return resourceSpans
    .flatMap(({ resource, scopeSpans }) => {
      const service = String(readAttributes(resource)['service.name'])
      return scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ service, span })))
    })
    .map(({ service, span }) => ({
      service,
      name: span.name,
      traceId: span.traceId,
      spanId: span.spanId,
      parentSpanId: span.parentSpanId || null,
      kind: span.kind,
      startedAt: BigInt(span.startTimeUnixNano),
      endedAt: BigInt(span.endTimeUnixNano),
      status: span.status?.code ?? 0,
      attributes: readAttributes(span),
    }))
}

const readAttributes = ({ attributes = [] }: Pick<WireSpan, 'attributes'>): CollectedSpan['attributes'] =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, readValue(value)]))

const readValue = ({ stringValue, intValue, boolValue, doubleValue }: WireValue): string | number | boolean =>
  stringValue ?? boolValue ?? doubleValue ?? Number(intValue)
