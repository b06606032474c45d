/** GET /v1/memories/{id}/history: every version, for who may read the memory. */
import { afterAll, expect, test } from 'vitest'
import { type Members, startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp()
afterAll(app.stop)

type History = {
  readonly code?: string
  readonly versions: readonly Record<string, unknown>[]
  readonly next_cursor: string | null
}

const remember = async (content: string, members: Members = {}): Promise<string> => {
  const input = { pre_extracted: { items: [{ content, topic: 'UserKnowledge' }] } }
  const run = await app.finished(await app.add(input, members))
  const { created = [], updated = [] } = run.committed_operations ?? {}
  return [...created, ...updated][0]?.memory_id ?? 'none'
}
const history = (id: string, query: Record<string, string>) =>
  app.request<History>('GET', `/v1/memories/${id}/history?${new URLSearchParams(query)}`)

test('versions tell their run and sources, newest first, page by page, over a deletion', async () => {
  const user_id = 'historian'
  const id = await remember('Mara keeps bees.', { user_id })
  expect(await remember('Mara keeps bees in Graz.', { user_id })).toBe(id)
  const { headers } = await app.request('DELETE', `/v1/memories/${id}?user_id=${user_id}`)
  const { status, body } = await history(id.toUpperCase(), { user_id, limit: '2' })
  expect(status).toBe(200)
  expect(body.versions).toMatchObject([
    {
      version: 3,
      kind: 'delete',
      content: null,
      run_id: headers.get('remanence-run-id'),
      input_type: 'delete',
      sources: [],
    },
    {
      version: 2,
      kind: 'update',
      content: 'Mara keeps bees in Graz.',
      input_type: 'pre_extracted',
      undone_by: null,
    },
  ])
  const rest = await history(id, { user_id, cursor: body.next_cursor ?? '' })
  expect(rest.body).toMatchObject({
    versions: [{ version: 1, content: 'Mara keeps bees.' }],
    next_cursor: null,
  })
  expect(rest.body.versions).toHaveLength(1)
})

test('the history of another is as unknown as one that never was', async () => {
  const id = await remember('Ada sails alone.', { user_id: 'ada' })
  await remember('Bo rows.', { user_id: 'bo' })
  await app.request('DELETE', `/v1/memories/${id}?user_id=ada`)
  await app.request('PUT', '/v1/groups/second', { template: 'personalization' })
  const answers = await Promise.all(
    [{ user_id: 'bo' }, { user_id: 'ada', group: 'second' }, {}, { user_id: 'nobody' }].map((query) =>
      history(id, query),
    ),
  )
  expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
    [404, 'not_found'],
    [404, 'not_found'],
    [400, 'missing_user'],
    [422, 'unknown_user'],
  ])
  expect((await history(id, { user_id: 'ADA' })).status).toBe(200)
  expect(await history(id, { user_id: 'ada', cursor: 'x' })).toMatchObject({
    status: 422,
    body: { code: 'invalid_body' },
  })
})
