/**
 * The index. A document is what ranking needs to know of one memory; postings lead from a term of a partition to the documents
 * that hold it. Both are clustered by partition, so a search reads what belongs to its user and nothing else, however many
 * memories there are in all. `position` numbers a partition's documents in order of commit, so neighbours are a range.
 */
import type { Hit, Hits, IndexDocument } from '../../search/document.ts'
import type { MemoryFilter, TopicFilter } from '../storage.ts'
import type { Connection } from './connection.ts'
import { createScopeFilter, partitionNoOf } from './scopes.ts'

type Place = { readonly partitionNo: number; readonly scopeNo: number; readonly position: number | null }

/** Answers the position: the given one, or the next of the partition. */
export const indexMemory = (
  db: Connection,
  params: Place & { readonly memoryId: string; readonly document: IndexDocument },
): number => {
  const { partitionNo, scopeNo, memoryId, document } = params
  const position = growPartition(db, params, document.length)
  db.run(
    `INSERT INTO documents (partition_no, position, memory_id, scope_no, session, turn, speaker, length, said_at, terms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    partitionNo,
    position,
    memoryId,
    scopeNo,
    document.session,
    document.turn,
    document.speaker,
    document.length,
    document.saidAt,
    JSON.stringify(document.terms.map(([term]) => term)),
  )
  db.run(
    `INSERT INTO postings (partition_no, term, position, weight, term_count)
     SELECT ?1, value ->> 0, ?2, value ->> 1, ?3 FROM json_each(?4)`,
    partitionNo,
    position,
    document.terms.filter(([, weight]) => weight >= 1).length,
    JSON.stringify(document.terms),
  )
  return position
}

const growPartition = (db: Connection, { partitionNo, position }: Place, length: number): number => {
  const row = db.get<{ next_position: number }>(
    `UPDATE partitions SET document_count = document_count + 1, total_length = total_length + ?, next_position = next_position + ?
     WHERE partition_no = ? RETURNING next_position`,
    length,
    position === null ? 1 : 0,
    partitionNo,
  )
  if (row === undefined) throw new Error(`partition ${partitionNo} is gone`)
  return position ?? row.next_position - 1
}

/** Answers where the memory stood, so that a new version can stand there again. */
export const unindexMemory = (
  db: Connection,
  projectId: string,
  memoryId: string,
): { partitionNo: number; scopeNo: number; position: number } => {
  const row = db.get<{
    partition_no: number
    scope_no: number
    position: number
    length: number
    terms: string
  }>(
    `SELECT d.partition_no, d.scope_no, d.position, d.length, d.terms
     FROM memories m JOIN documents d ON d.partition_no = m.partition_no AND d.position = m.position
     WHERE m.project_id = ? AND m.memory_id = ?`,
    projectId,
    memoryId,
  )
  if (row === undefined) throw new Error(`memory ${memoryId} is not indexed`)
  db.run(
    'DELETE FROM postings WHERE partition_no = ? AND position = ? AND term IN (SELECT value FROM json_each(?))',
    row.partition_no,
    row.position,
    row.terms,
  )
  db.run('DELETE FROM documents WHERE partition_no = ? AND position = ?', row.partition_no, row.position)
  db.run(
    'UPDATE partitions SET document_count = document_count - 1, total_length = total_length - ? WHERE partition_no = ?',
    row.length,
    row.partition_no,
  )
  return { partitionNo: row.partition_no, scopeNo: row.scope_no, position: row.position }
}

export const findDocuments = (
  db: Connection,
  projectId: string,
  params: MemoryFilter & { terms: readonly string[]; window: number },
): Hits => {
  const partitions = params.partitions.map((partition) => partitionNoOf(db, projectId, partition))
  const postings = partitions.map((partitionNo) =>
    params.terms.map((term) => (partitionNo === null ? [] : readPostings(db, partitionNo, term))),
  )
  const sizes = partitions.map((partitionNo) => sizeOf(db, partitionNo))
  const documentCount = sizes.reduce((sum, size) => sum + size.documentCount, 0)
  const totalLength = sizes.reduce((sum, size) => sum + size.totalLength, 0)
  return {
    documents: partitions.flatMap((partitionNo, partition) =>
      partitionNo === null
        ? []
        : readDocuments(db, { ...params, partitionNo, partition, postings: postings[partition] ?? [] }),
    ),
    documentCount,
    averageLength: documentCount === 0 ? 0 : totalLength / documentCount,
    documentFrequencies: params.terms.map((_, term) =>
      postings.reduce((sum, lists) => sum + (lists[term]?.length ?? 0), 0),
    ),
  }
}

type Posting = readonly [position: number, weight: number]

const readPostings = (db: Connection, partitionNo: number, term: string): Posting[] =>
  db.tuples<Posting>(
    'SELECT position, weight FROM postings WHERE partition_no = ? AND term = ?',
    partitionNo,
    term,
  )

const sizeOf = (db: Connection, partitionNo: number | null): { documentCount: number; totalLength: number } =>
  db.get<{ documentCount: number; totalLength: number }>(
    'SELECT document_count AS documentCount, total_length AS totalLength FROM partitions WHERE partition_no = ?',
    partitionNo,
  ) ?? { documentCount: 0, totalLength: 0 }

type DocumentTuple = readonly [
  position: number,
  scopeNo: number,
  memoryId: string,
  session: string,
  turn: number,
  speaker: string,
  length: number,
  saidAt: number,
]

const readDocuments = (
  db: Connection,
  params: {
    topics: readonly TopicFilter[]
    partitionNo: number
    partition: number
    postings: readonly (readonly Posting[])[]
    window: number
  },
): Hit[] => {
  const weights = weightsByPosition(params.postings)
  const isAdmitted = createScopeFilter(db, params.topics)
  const none = params.postings.map(() => 0)
  return neighbourhoods([...weights.keys()], params.window)
    .flatMap(([from, to]) =>
      db.tuples<DocumentTuple>(
        `SELECT position, scope_no, memory_id, session, turn, speaker, length, said_at
         FROM documents WHERE partition_no = ? AND position BETWEEN ? AND ?`,
        params.partitionNo,
        from,
        to,
      ),
    )
    .filter(([, scopeNo]) => isAdmitted(scopeNo))
    .map(([position, , memoryId, session, turn, speaker, length, saidAt]) => ({
      memoryId,
      partition: params.partition,
      position,
      session,
      turn,
      speaker,
      length,
      saidAt,
      weights: weights.get(position) ?? none,
    }))
}

const weightsByPosition = (postings: readonly (readonly Posting[])[]): Map<number, number[]> => {
  const weights = new Map<number, number[]>()
  for (const [term, list] of postings.entries()) {
    for (const [position, weight] of list) {
      const row = weights.get(position) ?? postings.map(() => 0)
      row[term] = weight
      weights.set(position, row)
    }
  }
  return weights
}

/** The ranges of positions at most `window` away from a given one, merged where they touch. */
const neighbourhoods = (positions: readonly number[], window: number): [from: number, to: number][] => {
  const ranges: [number, number][] = []
  for (const position of positions.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last !== undefined && position - window <= last[1] + 1) last[1] = position + window
    else ranges.push([position - window, position + window])
  }
  return ranges
}
