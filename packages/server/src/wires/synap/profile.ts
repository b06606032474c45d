/** The profile of a user, as a document. */
import { profileOf, profileQuery, type UserProfile } from '../../conversations/user-profile.ts'
import { toIso } from '../../kernel/clock.ts'
import { PROFILE_MEMORY_COUNT_MAX } from '../../kernel/limits.ts'
import { memoryFilter } from '../../memories/filter.ts'
import type { Access } from '../../projects/access.ts'
import type { Group } from '../../projects/group.ts'
import { searchMemories } from '../../search/query.ts'
import { confidenceOf } from './confidence.ts'
import { groupToRead } from './groups.ts'
import { itemKindOf } from './kinds.ts'
import type { SynapScope } from './scope.ts'

/** Made anew of what is remembered of the user alone, whatever else the scopes hold; null when that tells nothing. */
export const readProfile = async (access: Access, scopes: readonly SynapScope[]) => {
  const own = scopes.filter(({ level }) => level === 'user')
  const memories = (await Promise.all(own.map((scope) => factsOf(access, scope)))).flat()
  const profile = profileOf([...new Map(memories.map((memory) => [memory.memoryId, memory])).values()])
  return profile === null ? null : toDocument(profile)
}

/** Those that speak of somebody's own person, and the newest. */
const factsOf = async (access: Access, { group: name, userId, properties }: SynapScope) => {
  const group = await groupToRead(access, name)
  if (group === null || userId === null) return []
  const filter = memoryFilter(group, { topics: factTopics(group), properties, userId })
  const page = { filter, query: profileQuery, limit: PROFILE_MEMORY_COUNT_MAX }
  const answers = await Promise.all([
    searchMemories(access.storage, { ...page, retrieval: 'bm25' }),
    searchMemories(access.storage, { ...page, retrieval: 'fetch' }),
  ])
  return answers.flat().map(({ memory }) => memory)
}

const factTopics = (group: Group): readonly string[] =>
  group.topics.map(({ name }) => name).filter((topic) => itemKindOf(group, topic) === 'facts')

const toDocument = ({ attributes, overview, updatedAt }: UserProfile) => ({
  attributes: Object.fromEntries(
    Object.entries(attributes).map(([name, { value, memory }]) => [
      name,
      {
        value,
        confidence: confidenceOf(memory),
        updated_at: toIso(memory.updatedAt),
        source_conversation_id: null,
      },
    ]),
  ),
  overview,
  extras: {},
  _meta: { source: 'memories', updated_at: toIso(updatedAt) },
})
