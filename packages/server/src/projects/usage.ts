/** What was done in a project on one day. Days are counted from the epoch, in UTC. */
export type UsageDay = {
  readonly projectId: string
  readonly day: number
  /** By the day of their acceptance, and of their end. A run that is retried may end more than once. */
  readonly runs: {
    readonly accepted: number
    readonly completed: number
    readonly partial: number
    readonly failed: number
    readonly cancelled: number
  }
  /** Committed changes of memories. */
  readonly operations: { readonly created: number; readonly updated: number; readonly deleted: number }
  readonly searches: number
  /** Of language models, where one is used. `cost` is in the currency of whoever charges for it. */
  readonly tokens: { readonly input: number; readonly output: number }
  readonly cost: number
}

/** What is counted in memory and added now and then. */
export type UsageCount = {
  readonly projectId: string
  readonly day: number
  readonly searches: number
}
