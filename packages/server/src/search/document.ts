/** What the index keeps of one memory. The order of `terms` is of no meaning. */
export type IndexDocument = {
  /** Weight of each term: its occurrences in the statement, less for what stands only in the context. */
  readonly terms: readonly (readonly [term: string, weight: number])[]
  /** Sum of the weights. */
  readonly length: number
  /** Who says it, folded; empty when nobody is known. */
  readonly speaker: string
  /** Statements of one conversation share it. */
  readonly session: string
  /** Position of the message within its conversation, from 0. */
  readonly turn: number
  readonly saidAt: number
}

/** A document an engine found, with the weight of every query term in it (0 where absent), in the order of the query's terms. */
export type Hit = Omit<IndexDocument, 'terms'> & {
  readonly memoryId: string
  /** Which of the searched partitions it is in. */
  readonly partition: number
  /** Place in the partition, dense and in order of commit: neighbours of one conversation have neighbouring numbers. */
  readonly position: number
  readonly weights: readonly number[]
}

/** What ranking starts from: the documents that hold a query term, and their neighbours. */
export type Hits = {
  readonly documents: readonly Hit[]
  /** Documents in the searched partitions, whatever they hold. */
  readonly documentCount: number
  readonly averageLength: number
  /** How many documents hold each query term. */
  readonly documentFrequencies: readonly number[]
}

/** What is needed besides the statement to index it: who said it, where in which conversation, and what it answers. */
export type Origin = {
  readonly context?: string
  readonly speaker: string | null
  readonly session: string
  readonly turn: number
  readonly saidAt: number
}
