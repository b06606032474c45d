/** What a check of the whole store is: something that must hold at any moment, and the SQL that finds where it does not. */
export type Check = {
  /** Stable, for programs. */
  readonly name: string
  /** What must hold, as a sentence for people. */
  readonly sentence: string
  /** Every row it finds is wrong. Rows name ids and numbers, never what anybody said. */
  readonly sql: string
}
