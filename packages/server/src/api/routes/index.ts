/** THE list of routes. */
import type { Route } from '../route.ts'
import { addMemories } from './add-memories.ts'
import { changeKey } from './change-key.ts'
import { changeProject } from './change-project.ts'
import { createKey } from './create-key.ts'
import { createProject } from './create-project.ts'
import { deleteMemory } from './delete-memory.ts'
import { docs } from './docs.ts'
import { examine } from './examine.ts'
import { getGroupByName } from './get-group-by-name.ts'
import { getMemory } from './get-memory.ts'
import { getOwnProject } from './get-own-project.ts'
import { getProject } from './get-project.ts'
import { getRun } from './get-run.ts'
import { health } from './health.ts'
import { listEvents } from './list-events.ts'
import { listGroups } from './list-groups.ts'
import { listKeys } from './list-keys.ts'
import { listMemories } from './list-memories.ts'
import { listProjects } from './list-projects.ts'
import { listRuns } from './list-runs.ts'
import { metrics } from './metrics.ts'
import { putGroup } from './put-group.ts'
import { ready } from './ready.ts'
import { revokeKey } from './revoke-key.ts'
import { rotateKey } from './rotate-key.ts'
import { searchMemories } from './search-memories.ts'
import { verifyKey } from './verify-key.ts'

export const routes: readonly Route[] = [
  addMemories,
  searchMemories,
  listMemories,
  getMemory,
  deleteMemory,
  listRuns,
  getRun,
  listEvents,
  listGroups,
  getGroupByName,
  putGroup,
  listKeys,
  createKey,
  changeKey,
  rotateKey,
  revokeKey,
  verifyKey,
  examine,
  getOwnProject,
  listProjects,
  createProject,
  getProject,
  changeProject,
  health,
  ready,
  metrics,
  docs,
]
