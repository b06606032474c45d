/** A user that a project has seen: whoever an add named. */
export type User = {
  /** As it was first written. */
  readonly userId: string
  readonly createdAt: number
  /** Of the latest add. */
  readonly activeAt: number
  /** Memories of user-scoped topics, over all groups. */
  readonly memoryCount: number
  /** Runs that are kept, and those of them that have not ended. */
  readonly runCount: number
  readonly openRunCount: number
}
