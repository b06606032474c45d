import type { ProjectStatus } from '../storage/administration.ts'
import type { QueueState } from '../storage/storage.ts'
import type { Access } from './access.ts'
import { ownProject } from './projects.ts'

/** Has the project of the caller work and accept, only accept, or only work off what waits. Runs in hand go on in any case. */
export const steerProject = async (access: Access, state: QueueState): Promise<ProjectStatus> => {
  await access.storage.setQueueState(state)
  access.wakeWorker()
  return ownProject(access)
}
