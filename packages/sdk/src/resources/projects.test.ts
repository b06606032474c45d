import { expect, test } from 'vitest'
import { ConnectionError, Remanence } from '../index.ts'
import { startPeer } from '../testing/peer.ts'

test('projects are listed over all pages', async () => {
  await using peer = await startPeer((_, index) => ({
    body: { projects: [{ project_id: `p${index}` }], next_cursor: index === 0 ? 'c1' : null },
  }))
  const ids: string[] = []
  for await (const { projectId } of new Remanence({ baseUrl: peer.url }).projects.list({ limit: 1 }))
    ids.push(projectId)
  expect(ids).toEqual(['p0', 'p1'])
  expect(peer.received.map(({ url }) => url)).toEqual([
    '/v1/projects?limit=1',
    '/v1/projects?limit=1&cursor=c1',
  ])
})

test('one’s own project, another one, and a new name', async () => {
  const body = { project_id: 'p1', counts: { memories: 3 }, counts_exact: false }
  await using peer = await startPeer(() => ({ body }))
  const { projects } = new Remanence({ baseUrl: peer.url })
  expect(await projects.own()).toEqual({ projectId: 'p1', counts: { memories: 3 }, countsExact: false })
  await projects.get('p1')
  await projects.rename('p1', 'new')
  await projects.limit('p1', { queueDepth: 5, runRetention: 0 })
  await projects.delete('p1', 'new')
  expect(peer.received.map(({ method, url, body: sent }) => [method, url, sent])).toEqual([
    ['GET', '/v1/project', undefined],
    ['GET', '/v1/projects/p1', undefined],
    ['PATCH', '/v1/projects/p1', { name: 'new' }],
    ['PATCH', '/v1/projects/p1', { limits: { queue_depth: 5, run_retention: 0 } }],
    ['DELETE', '/v1/projects/p1', { confirm: 'new' }],
  ])
})

test('a project is made once, though the answer is lost', async () => {
  await using peer = await startPeer((_, index) =>
    index === 0 ? { status: 201, body: { project_id: 'p1', key_id: 'k1', key: 'rem_x' } } : 'drop',
  )
  const { projects } = new Remanence({ baseUrl: peer.url })
  const answer = await projects.create({ name: 'tenant', template: 'personalization' })
  expect(answer).toEqual({ projectId: 'p1', keyId: 'k1', key: 'rem_x' })
  await expect(projects.create({ name: 'tenant' })).rejects.toThrow(ConnectionError)
  expect(peer.received.map(({ body }) => body)).toEqual([
    { name: 'tenant', template: 'personalization' },
    { name: 'tenant' },
  ])
})

test('the own project is paused, drained and resumed', async () => {
  await using peer = await startPeer(() => ({ body: { project_id: 'p', state: 'paused' } }))
  const { projects } = new Remanence({ baseUrl: peer.url })
  expect(await projects.pause()).toMatchObject({ projectId: 'p', state: 'paused' })
  await projects.drain()
  await projects.resume()
  expect(peer.received.map(({ url }) => url)).toEqual([
    '/v1/project/pause',
    '/v1/project/drain',
    '/v1/project/resume',
  ])
})
