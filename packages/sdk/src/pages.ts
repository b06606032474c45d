/** One page of a list; iterating it goes on through all the pages that follow. */
export type Page<Item> = AsyncIterable<Item> & {
  readonly items: readonly Item[]
  readonly hasNextPage: boolean
  /** The page after this one, or null after the last. */
  readonly nextPage: () => Promise<Page<Item> | null>
}

/**
 * A list that is being fetched: await it for its first page, or iterate it for all items.
 *
 * @example
 * for await (const memory of client.memories.list({ userId: 'mara' })) console.log(memory.content)
 *
 * const page = await client.memories.list({ userId: 'mara', limit: 20 })
 * const next = await page.nextPage()
 */
export type PageRequest<Item> = Promise<Page<Item>> & AsyncIterable<Item>

/** What one request of a list brings. `next` is the place where the following one starts, null at the end. */
export type Batch<Item, Place> = { readonly items: readonly Item[]; readonly next: Place | null }

/** The list that `fetchBatch` brings piece by piece, beginning at `place`. */
export const paginate = <Item, Place>(
  fetchBatch: (place: Place) => Promise<Batch<Item, Place>>,
  place: Place,
): PageRequest<Item> => {
  const first = fetchBatch(place).then((batch) => toPage(fetchBatch, batch))
  return Object.assign(first, {
    async *[Symbol.asyncIterator]() {
      yield* await first
    },
  })
}

const toPage = <Item, Place>(
  fetchBatch: (place: Place) => Promise<Batch<Item, Place>>,
  { items, next }: Batch<Item, Place>,
): Page<Item> => {
  const nextPage = async () => (next === null ? null : toPage(fetchBatch, await fetchBatch(next)))
  return {
    items,
    hasNextPage: next !== null,
    nextPage,
    async *[Symbol.asyncIterator]() {
      yield* items
      for (let page = await nextPage(); page !== null; page = await page.nextPage()) yield* page.items
    },
  }
}
