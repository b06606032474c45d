/** Reads a stream of server-sent events as a client does, block by block. */

export type Block = {
  readonly id: string | null
  readonly event: string | null
  /** Parsed; null where there is none. */
  readonly data: Readonly<Record<string, unknown>> | null
  readonly comment: string | null
  readonly retry: string | null
}

export type EventReader = {
  readonly response: Response
  /** The next block with data; null when the stream has ended. */
  readonly next: () => Promise<Block | null>
  /** The next block of any kind. */
  readonly nextBlock: () => Promise<Block | null>
  /** All blocks with data until the stream ends. */
  readonly rest: () => Promise<readonly Block[]>
  readonly leave: () => void
}

export const openEvents = async (
  server: { readonly url: string; readonly key: string },
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<EventReader> => {
  const leaving = new AbortController()
  const response = await fetch(`${server.url}${path}`, {
    headers: { authorization: `Bearer ${server.key}`, accept: 'text/event-stream', ...headers },
    signal: leaving.signal,
  })
  const blocks = readBlocks(response)
  const nextBlock = async () => (await blocks.next()).value ?? null
  const next = async () => {
    for (;;) {
      const block = await nextBlock()
      if (block === null || block.data !== null) return block
    }
  }
  return {
    response,
    next,
    nextBlock,
    rest: async () => {
      const read: Block[] = []
      for (let block = await next(); block !== null; block = await next()) read.push(block)
      return read
    },
    leave: () => leaving.abort(),
  }
}

async function* readBlocks({ body }: Response): AsyncGenerator<Block, undefined> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      yield readBlock(text.slice(0, end))
      text = text.slice(end + 2)
    }
  }
}

const readBlock = (text: string): Block => {
  const fields = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, name = '', value = ''] = /^([^:]*): ?(.*)$/.exec(line) ?? []
    fields.set(name, value)
  }
  const data = fields.get('data')
  return {
    id: fields.get('id') ?? null,
    event: fields.get('event') ?? null,
    data: data === undefined ? null : JSON.parse(data),
    comment: fields.get('') ?? null,
    retry: fields.get('retry') ?? null,
  }
}
