/** Whose memories a run may see and add to: those of its user in its group, with the values of scope properties that it was given. */

import type { Attempt } from '../../pipeline/step.ts'
import type { Topic } from '../../projects/group.ts'
import { scopeOf } from '../../projects/scope.ts'
import type { MemoryFilter } from '../../storage/storage.ts'

type Scoped = Pick<Attempt, 'run' | 'group' | 'payload'>

/** Topics whose scope the run names wholly; of others it would see what belongs to somebody or something else. */
export const topicsInScope = ({ run, group, payload }: Scoped): readonly Topic[] =>
  group.topics.filter(
    ({ scoping }) =>
      !(scoping.userScoped && run.userKey === null) &&
      scoping.scopeProperties.every((key) => Object.hasOwn(payload.properties, key)),
  )

export const memoriesInScope = (scoped: Scoped): MemoryFilter => {
  const { run, payload } = scoped
  const scopes = topicsInScope(scoped).map((topic) =>
    scopeOf(run.groupId, topic, { userKey: run.userKey, properties: payload.properties }),
  )
  return {
    partitions: [...new Set(scopes.map(({ userKey }) => userKey))].map((userKey) => ({
      groupId: run.groupId,
      userKey,
    })),
    topics: scopes.map(({ topic, properties }) => ({ topic, properties })),
  }
}
