import { path, queryString } from '../path.ts'
import { type RequestOptions, send, type Transport } from '../transport.ts'
import type { Group, GroupDefinition, Properties, Topic } from '../types.ts'

export class GroupsResource {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  async list(options?: RequestOptions): Promise<readonly Group[]> {
    const { body } = await send(this.#transport, {
      method: 'GET',
      path: '/v1/groups',
      repeatable: true,
      options,
    })
    return (body as { groups: readonly Group[] }).groups // safety: the shape is the server's contract
  }

  async get(name = 'default', options?: RequestOptions): Promise<Group> {
    const { body } = await send(this.#transport, {
      method: 'GET',
      path: `/v1/groups/by-name${queryString({ name })}`,
      repeatable: true,
      options,
    })
    return body as Group // safety: the shape is the server's contract
  }

  /**
   * Creates the group, or replaces its topics and its pipeline, which is the default one when absent. Needs a key with the scope `admin`.
   *
   * @example
   * await client.groups.put('support', {
   *   topics: [
   *     {
   *       topicName: 'Preferences',
   *       description: 'What the user likes and dislikes.',
   *       isBounded: false,
   *       scoping: { userScoped: true, scopeProperties: [] },
   *     },
   *   ],
   * })
   */
  async put(name: string, definition: GroupDefinition, options?: RequestOptions): Promise<Group> {
    const { body } = await send(this.#transport, {
      method: 'PUT',
      path: path`/v1/groups/${name}`,
      body: definition,
      repeatable: true,
      options,
    })
    return body as Group // safety: the shape is the server's contract
  }

  /** Deletes a group that holds neither memories nor runs that have not ended. Needs a key with the scope `admin`. */
  async delete(name: string, options?: RequestOptions): Promise<void> {
    await send(this.#transport, {
      method: 'DELETE',
      path: path`/v1/groups/${name}`,
      repeatable: true,
      options,
    })
  }

  /**
   * Adds a topic at the end of the group, or replaces the one of that name. Needs a key with the scope `admin`.
   *
   * @example
   * const scoping = { userScoped: true, scopeProperties: [] }
   * await client.groups.putTopic('support', { topicName: 'Orders', description: 'What was ordered.', isBounded: false, scoping })
   */
  async putTopic(group: string, topic: Topic, options?: RequestOptions): Promise<Group> {
    const { topicName, ...members } = topic
    const { body } = await send(this.#transport, {
      method: 'PUT',
      path: path`/v1/groups/${group}/topics/${topicName}`,
      body: members,
      repeatable: true,
      options,
    })
    return body as Group // safety: the shape is the server's contract
  }

  /** Removes a topic that holds no memories. Needs a key with the scope `admin`. */
  async deleteTopic(group: string, topicName: string, options?: RequestOptions): Promise<void> {
    await send(this.#transport, {
      method: 'DELETE',
      path: path`/v1/groups/${group}/topics/${topicName}`,
      repeatable: true,
      options,
    })
  }

  /**
   * Lets buffers of the group go on at once: those that gather for this user and these values of properties, or all of them. Answers
   * how many, and how many runs wait in them.
   */
  async flush(name: string, options: FlushOptions = {}): Promise<Flushed> {
    const { userId, properties, ...request } = options
    const { body } = await send(this.#transport, {
      method: 'POST',
      path: path`/v1/groups/${name}/flush`,
      body: { userId, properties },
      repeatable: true,
      options: request,
    })
    return body as Flushed // safety: the shape is the server's contract
  }
}

export type FlushOptions = RequestOptions & {
  readonly userId?: string | undefined
  readonly properties?: Properties | undefined
}

export type Flushed = { readonly buffers: number; readonly runs: number }
