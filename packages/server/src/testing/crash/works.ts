/** THE list of what the clients ask for. A row makes the input of an add from its tokens, one statement for each. */

export type Work = {
  readonly kind: string
  readonly tokenCount: number
  readonly input: (tokens: readonly string[]) => object
}

const statement = (token: string, index: number): string =>
  [
    `Mara keeps the parcel ${token} in the second drawer.`,
    `My neighbour borrowed the ladder ${token} on Tuesday.`,
    `The boat ${token} lies in the harbour of Rovinj.`,
  ][index % 3] ?? ''

export const works: readonly Work[] = [
  {
    kind: 'string',
    tokenCount: 1,
    input: (tokens) => ({ string: { content: [tokens.map(statement).join(' ')] } }),
  },
  {
    kind: 'several strings',
    tokenCount: 4,
    input: (tokens) => ({ string: { content: tokens.map(statement) } }),
  },
  {
    kind: 'pre_extracted',
    tokenCount: 3,
    input: (tokens) => ({
      pre_extracted: {
        items: tokens.map((token, index) => ({ content: statement(token, index), topic: 'UserKnowledge' })),
      },
    }),
  },
  {
    kind: 'conversation',
    tokenCount: 2,
    input: (tokens) => ({
      conversation: {
        messages: tokens.flatMap((token, index) => [
          { role: 'user', content: statement(token, index), name: 'Mara' },
          { role: 'assistant', content: 'Thank you!' },
        ]),
      },
    }),
  },
  // Everybody says it all the time; a user's memories hold it once.
  {
    kind: 'repeated statement',
    tokenCount: 0,
    input: () => ({
      pre_extracted: { items: [{ content: 'Mara drinks tea in the morning.', topic: 'UserKnowledge' }] },
    }),
  },
]
