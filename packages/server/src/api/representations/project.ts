import { type Static, Type } from 'typebox'
import { toIso } from '../../kernel/clock.ts'
import type { Project } from '../../projects/project.ts'
import type { ProjectStatus } from '../../storage/administration.ts'
import { Uuid } from './schema.ts'

export const projectMembers = { project_id: Uuid, name: Type.String(), created_at: Type.String() }

const Listed = Type.Object(projectMembers)

export const ProjectRepresentation = Type.Object({
  ...projectMembers,
  depth: Type.Integer({ description: 'Runs that have not ended.' }),
  counts: Type.Object({ groups: Type.Integer(), users: Type.Integer(), memories: Type.Integer() }),
  counts_exact: Type.Boolean({ description: 'False in a large project: then the counts are lower bounds.' }),
})

export const toListedProject = (project: Project): Static<typeof Listed> => ({
  project_id: project.projectId,
  name: project.name,
  created_at: toIso(project.createdAt),
})

export const toProjectRepresentation = (status: ProjectStatus): Static<typeof ProjectRepresentation> => ({
  ...toListedProject(status.project),
  depth: status.depth,
  counts: status.counts,
  counts_exact: status.isExact,
})
