import type { Group } from '../../projects/group.ts'

/** Groups of one project as last read. This process is the only writer, so clearing after a write keeps it true. */
export type GroupCache = {
  readonly read: (key: string, load: () => Group | null) => Group | null
  readonly clear: () => void
}

export const createGroupCache = (): GroupCache => {
  const groups = new Map<string, Group>()
  return {
    read: (key, load) => {
      const known = groups.get(key)
      if (known !== undefined) return known
      const group = load()
      // Names that do not exist are the caller's to invent, so they are not remembered.
      if (group !== null) groups.set(key, group)
      return group
    },
    clear: () => groups.clear(),
  }
}
