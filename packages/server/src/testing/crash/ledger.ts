/** What the clients know: every request they sent, and every acknowledgement they got. It is what the database is held against. */

/** One add, told from all others by its idempotency key. */
export type Entry = {
  readonly key: string
  readonly kind: string
  readonly userId: string
  /** Words that stand in one statement of this add each, and nowhere else. */
  readonly tokens: readonly string[]
  /** The runs that answers named: one, however often the add was sent; none when no answer came. */
  readonly runIds: readonly string[]
}

export type Ledger = {
  readonly open: (entry: Omit<Entry, 'runIds'>) => void
  readonly acknowledge: (key: string, runId: string) => void
  readonly entries: () => readonly Entry[]
}

export const createLedger = (): Ledger => {
  const entries = new Map<string, Entry>()
  return {
    open: (entry) => entries.set(entry.key, { ...entry, runIds: [] }),
    acknowledge: (key, runId) => {
      const entry = entries.get(key)
      if (entry === undefined) throw new Error(`nobody sent ${key}`)
      if (!entry.runIds.includes(runId)) entries.set(key, { ...entry, runIds: [...entry.runIds, runId] })
    },
    entries: () => [...entries.values()],
  }
}
