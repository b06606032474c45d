import type { CreatedProject, ListedProject, Project, ProjectLimits } from '../administration-types.ts'
import { type PageRequest, paginate } from '../pages.ts'
import { path, queryString } from '../path.ts'
import { type RequestOptions, send, type Transport } from '../transport.ts'

export type ListProjectsOptions = RequestOptions & {
  /** At most 100 a page. */
  readonly limit?: number | undefined
  /** Where an earlier list stopped. */
  readonly cursor?: string | undefined
}

export type CreateProjectOptions = RequestOptions & {
  /** Unique on the server. */
  readonly name: string
  /** The topics of its group `default`. Default: `personalization`. */
  readonly template?: string | undefined
}

/** The projects of the server. `own`, `pause`, `drain` and `resume` are about the project of the key; all others need the scope `operator`. */
export class ProjectsResource {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** The project of the key. */
  async own(options?: RequestOptions): Promise<Project> {
    const { body } = await send(this.#transport, {
      method: 'GET',
      path: '/v1/project',
      repeatable: true,
      options,
    })
    return body as Project // safety: the shape is the server's contract
  }

  /** Oldest first. */
  list(options: ListProjectsOptions = {}): PageRequest<ListedProject> {
    return paginate(async (cursor: string | undefined) => {
      const { body } = await send(this.#transport, {
        method: 'GET',
        path: `/v1/projects${queryString({ limit: options.limit, cursor })}`,
        repeatable: true,
        options,
      })
      // safety: the shape is the server's contract
      const { projects, nextCursor } = body as {
        projects: readonly ListedProject[]
        nextCursor: string | null
      }
      return { items: projects, next: nextCursor }
    }, options.cursor)
  }

  async get(projectId: string, options?: RequestOptions): Promise<Project> {
    const { body } = await send(this.#transport, {
      method: 'GET',
      path: path`/v1/projects/${projectId}`,
      repeatable: true,
      options,
    })
    return body as Project // safety: the shape is the server's contract
  }

  /**
   * Makes a project with a group `default` and a first key for it.
   *
   * @example
   * const { key } = await client.projects.create({ name: 'tenant-7' })
   */
  async create(options: CreateProjectOptions): Promise<CreatedProject> {
    const { name, template } = options
    const { body } = await send(this.#transport, {
      method: 'POST',
      path: '/v1/projects',
      body: { name, template },
      repeatable: false, // the secret of its key would be lost with the first answer
      options,
    })
    return body as CreatedProject // safety: the shape is the server's contract
  }

  rename(projectId: string, name: string, options?: RequestOptions): Promise<Project> {
    return this.#change(projectId, { name }, options)
  }

  /** Gives the project limits of its own, in place of those it has. What is absent is as on the server. */
  limit(projectId: string, limits: Partial<ProjectLimits>, options?: RequestOptions): Promise<Project> {
    return this.#change(projectId, { limits }, options)
  }

  /**
   * Closes the project at once and removes everything in it, for good, in the background. `name` confirms which one is meant. The
   * project is `removing` until it is gone.
   */
  async delete(projectId: string, name: string, options?: RequestOptions): Promise<Project> {
    const { body } = await send(this.#transport, {
      method: 'DELETE',
      path: path`/v1/projects/${projectId}`,
      body: { confirm: name },
      repeatable: true,
      options,
    })
    return body as Project // safety: the shape is the server's contract
  }

  async #change(projectId: string, change: object, options?: RequestOptions): Promise<Project> {
    const { body } = await send(this.#transport, {
      method: 'PATCH',
      path: path`/v1/projects/${projectId}`,
      body: change,
      repeatable: true,
      options,
    })
    return body as Project // safety: the shape is the server's contract
  }

  /** The project of the key accepts runs, but starts none, until it is resumed. Needs the scope `admin`. */
  pause(options?: RequestOptions): Promise<Project> {
    return this.#steerOwn('/v1/project/pause', options)
  }

  /** It works off what waits, but accepts nothing, until it is resumed. */
  drain(options?: RequestOptions): Promise<Project> {
    return this.#steerOwn('/v1/project/drain', options)
  }

  resume(options?: RequestOptions): Promise<Project> {
    return this.#steerOwn('/v1/project/resume', options)
  }

  async #steerOwn(address: string, options: RequestOptions | undefined): Promise<Project> {
    const request = { method: 'POST', path: address, body: {}, repeatable: true, options } as const
    const { body } = await send(this.#transport, request)
    return body as Project // safety: the shape is the server's contract
  }
}
