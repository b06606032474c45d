/** THE list of wires. Each is a folder of this room: pure translation between its own API and the operations the native one uses. */
import type { Wire } from '../api/route.ts'
import { flowyble } from './flowyble/index.ts'
import { gomemory } from './gomemory/index.ts'
import { synap } from './synap/index.ts'

export const wires: readonly Wire[] = [gomemory, synap, flowyble]
