import { COMMIT_CONFLICT_COUNT_MAX, STATEMENT_LENGTH_MAX } from '../kernel/limits.ts'
import { Problem, problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import type { Run } from '../runs/run.ts'
import { editMemory } from './edit-memory.ts'
import type { Memory } from './memory.ts'
import { type MergeStrategy, mergeTexts } from './merge-texts.ts'

type Found = {
  readonly memory: Memory
  readonly metadata: NonNullable<Run['metadata']>
  /** An edit is wanted whatever becomes of the text. */
  readonly isOther: boolean
}

/**
 * Brings a text together with what a memory says, as an edit of it: decided on the memory as it is then, and anew when it has moved
 * meanwhile. Throws what editMemory and `find` throw, and Problem `invalid_body` when it would get too long.
 *
 * @param find the memory as it is now, and what is to be kept with the edit
 * @param idempotencyKey the same key once more changes nothing: what is to be appended is not appended twice
 */
export const mergeMemory = async (
  access: Access,
  find: () => Promise<Found>,
  {
    text,
    strategy,
    idempotencyKey: key,
  }: { readonly text: string; readonly strategy: MergeStrategy; readonly idempotencyKey?: string },
): Promise<void> => {
  if (text.trim() === '') throw problem('empty_content', 'There is no text to bring in.')
  for (let conflicts = 0; ; conflicts++) {
    if (key !== undefined && (await access.storage.findRunByKey(key)) !== null) return
    const { memory, metadata, isOther } = await find()
    const { memoryId, version, userId, groupName: group } = memory
    const content = mergeTexts(memory.content, text, strategy)
    if ([...content].length > STATEMENT_LENGTH_MAX)
      throw problem('invalid_body', `A memory has at most ${STATEMENT_LENGTH_MAX} characters.`)
    if (content === memory.content && !isOther) return
    try {
      await editMemory(access, {
        ...{ memoryId, group, content, expectedVersion: version, metadata },
        ...(userId !== null && { userId }),
        ...(key !== undefined && { idempotencyKey: key }),
      })
      return
    } catch (error) {
      // The same was done a moment ago, and on the memory as it was then.
      if (error instanceof Problem && error.code === 'idempotency_key_reused') return
      if (!(error instanceof Problem) || error.code !== 'conflict') throw error
      // It is a conflict too when another memory says this already; then nothing has moved.
      const hasMoved = (await find()).memory.version !== version
      if (!hasMoved || conflicts >= COMMIT_CONFLICT_COUNT_MAX) throw error
    }
  }
}
