/**
 * Fills a stopped server's store: as many ended runs and stored memories as years of use leave behind. It writes through the
 * engine's own functions where they are fast enough, and copies one real run's row where a million calls would take too long.
 */
import { join } from 'node:path'
import { v7 } from 'uuid'
import { contentKey } from '../packages/server/src/search/content-key.ts'
import { indexDocument } from '../packages/server/src/search/index-document.ts'
import { type Connection, openConnection } from '../packages/server/src/storage/sqlite/connection.ts'
import { indexMemory } from '../packages/server/src/storage/sqlite/documents.ts'
import { ensureScope } from '../packages/server/src/storage/sqlite/scopes.ts'

export const seededUser = (index: number): string => `seeded-${index}`

/** Copies the run `runId` until there are `count`; answers some of their ids, spread over all. */
export const seedRuns = (dataDir: string, runId: string, count: number): string[] => {
  const db = openConnection(join(dataDir, 'remanence.db'))
  const columns =
    'project_id, group_id, lane_id, user_id, user_key, input_type, state, attempt, failures, outcome, counts, committed, created_at, started_at, updated_at, completed_at'
  const copy = (copyId: string) => {
    db.run(
      `INSERT INTO runs (run_id, ${columns}) SELECT ?, ${columns} FROM runs WHERE run_id = ?`,
      copyId,
      runId,
    )
    db.run(
      `INSERT INTO operations (run_id, project_id, position, kind, memory_id, after_version, committed_at)
       SELECT ?, project_id, position, kind, memory_id, after_version, committed_at FROM operations WHERE run_id = ?`,
      copyId,
      runId,
    )
  }
  const ids = Array.from({ length: count }, () => v7())
  db.transact(() => ids.forEach(copy))
  db.close()
  return ids.filter((_, index) => index % Math.ceil(count / SAMPLE_COUNT) === 0)
}

const SAMPLE_COUNT = 1_000

/** Stores `count` memories, `perUser` for each seeded user, of words as frequent as words are (Zipf). */
export const seedMemories = (dataDir: string, count: number, perUser: number): void => {
  const db = openConnection(join(dataDir, 'remanence.db'))
  const place = db.get<{ project_id: string; group_id: string }>('SELECT project_id, group_id FROM groups')
  if (place === undefined) throw new Error('the store has no group yet')
  db.transact(() => {
    for (let index = 0; index < count; index++) {
      const user = seededUser(Math.floor(index / perUser))
      insertMemory(db, { projectId: place.project_id, groupId: place.group_id, user, index })
    }
  })
  db.close()
}

const insertMemory = (
  db: Connection,
  { projectId, groupId, user, index }: { projectId: string; groupId: string; user: string; index: number },
): void => {
  const scope = { groupId, topic: 'UserKnowledge', userKey: user, properties: {} }
  const { scopeNo, partitionNo } = ensureScope(db, projectId, scope)
  const memoryId = v7()
  const content = `${seededSentence(index)} (${index})`
  const saidAt = 1_700_000_000_000 + index * 1_000
  const document = indexDocument({
    content,
    speaker: null,
    session: `session ${Math.floor(index / 20)}`,
    turn: index % 20,
    saidAt,
  })
  const position = indexMemory(db, { partitionNo, scopeNo, memoryId, document, position: null })
  const source = { runId: memoryId, input: 0, message: null, messageId: null, role: null, name: null, saidAt }
  db.run(
    `INSERT INTO memories (project_id, memory_id, partition_no, scope_no, position, user_id, content, content_key, version, sources, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)`,
    projectId,
    memoryId,
    partitionNo,
    scopeNo,
    position,
    user,
    content,
    contentKey(content),
    JSON.stringify([source]),
    saidAt,
    saidAt,
  )
}

const VOCABULARY_COUNT = 20_000
const WORDS_PER_SENTENCE = 12

/** The same index gives the same sentence. */
export const seededSentence = (index: number): string =>
  Array.from({ length: WORDS_PER_SENTENCE }, (_, word) =>
    zipfWord(fraction(index * WORDS_PER_SENTENCE + word)),
  ).join(' ')

/** A word whose rank is distributed by Zipf's law with exponent 1. */
const zipfWord = (uniform: number): string => `word${Math.floor(VOCABULARY_COUNT ** uniform).toString(36)}`

/** A number in [0, 1) that looks random and follows from the seed (Weyl sequence on the golden ratio, scrambled). */
const fraction = (seed: number): number => {
  const scrambled = Math.sin(seed * 12.9898 + 78.233) * 43_758.5453
  return scrambled - Math.floor(scrambled)
}
