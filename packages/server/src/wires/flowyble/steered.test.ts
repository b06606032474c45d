/** What the wire of Flowyble adds: cancelling, trying again, lists, waiting and streams. */
import { expect, test } from 'vitest'
import { openEvents } from '../../testing/event-reader.ts'
import { openFlowybleScene } from '../../testing/flowyble-scene.ts'

const unknown = '00000000-0000-4000-8000-000000000000'

test('a run that waits is cancelled at once, and one that has ended stays as it is', async () => {
  await using scene = await openFlowybleScene(['Done.'])
  await scene.app.request('POST', '/v1/project/pause', {})
  const runId = await scene.start(scene.agentId, 'Go.')
  const cancelled = await scene.call('POST', `/v1/agents/run/${runId}/cancel`, { reason: 'enough' })
  expect(cancelled).toMatchObject({
    status: 200,
    body: {
      ...{ status: 'Cancelled', statusInt: 4, isTerminal: true, stopReason: 'cancelled' },
      ...{ creditsUsed: 0, finalOutput: null, errorMessage: null },
    },
  })
  const again = await scene.call('POST', `/v1/agents/run/${runId}/cancel`)
  expect(again).toMatchObject({ status: 200, body: cancelled.body })
  expect((await scene.call('POST', `/v1/agents/run/${runId}/cancel?strict=true`, {})).status).toBe(409)

  await scene.app.request('POST', '/v1/project/resume', {})
  const retried = await scene.call('POST', `/v1/agents/run/${runId}/retry`, {})
  expect(retried.body).toMatchObject({ success: true, retryOf: runId })
  expect(await scene.finished(retried.body.id)).toMatchObject({
    ...{ status: 'Completed', finalOutput: 'Done.', retryOf: runId, userMessage: 'Go.' },
  })
})

test('a run in work is asked to end, its model call is broken off, and its cost stays', async () => {
  await using scene = await openFlowybleScene([
    { toolCalls: [{ name: 'memory_search', arguments: { query: 'x' } }], usage: { input: 10, output: 1 } },
    'hang',
  ])
  const runId = await scene.start(scene.agentId, 'Go.')
  await scene.provider.until(2)
  expect((await scene.call('POST', `/v1/agents/run/${runId}/retry`, {})).status).toBe(409)
  const asked = await scene.call('POST', `/v1/agents/run/${runId}/cancel`, {})
  expect([200, 202]).toContain(asked.status)
  await scene.provider.requests[1]?.closed
  expect(await scene.finished(runId)).toMatchObject({ status: 'Cancelled', actionsUsed: 1, tokensUsed: 11 })
})

test('lists are filtered by agent, status, conversation, time and metadata, in pages', async () => {
  await using scene = await openFlowybleScene(['One.', 'Two.', 'Three.'])
  const ids: string[] = []
  for (const [index, conversationId] of ['a', 'b', 'a'].entries()) {
    const members = { conversationId, metadata: { index, even: index % 2 === 0 } }
    ids.push(await scene.start(scene.agentId, `Go ${index}.`, members))
    await scene.finished(ids[index] ?? '')
  }
  const [first, second, third] = ids
  type List = { items: { id: string; steps?: unknown }[]; nextCursor: string | null }
  const list = async (query: string) => {
    const { body } = await scene.call<List>('GET', `/v1/agents/runs?${query}`)
    return body.items.map(({ id }) => id)
  }
  expect(await list('')).toEqual([third, second, first])
  expect(await list('conversationId=a')).toEqual([third, first])
  expect(await list('metadata.even=true')).toEqual([third, first])
  expect(await list('metadata.index=1')).toEqual([second])
  expect(await list('metadata.none=1')).toEqual([])
  expect(await list(`agentId=${scene.agentId}&status=Completed`)).toHaveLength(3)
  expect(await list('status=Failed,Cancelled')).toEqual([])
  expect(await list('status=Failed&status=Completed')).toHaveLength(3)
  expect(await list(`agentId=${unknown}`)).toEqual([])
  expect(await list('createdBefore=2020-01-01T00:00:00Z')).toEqual([])
  const { body: page } = await scene.call<List>('GET', '/v1/agents/runs?limit=2')
  expect(page.items[0]).not.toHaveProperty('steps')
  expect(await list(`limit=2&cursor=${page.nextCursor}`)).toEqual([first])
  for (const wrong of ['limit=0', 'limit=101', 'status=Done', 'createdAfter=today', 'cursor=x'])
    expect((await scene.call('GET', `/v1/agents/runs?${wrong}`)).status).toBe(400)
})

test('a poll waits for news, and is told 304 while there are none', async () => {
  await using scene = await openFlowybleScene(['hang'])
  const runId = await scene.start(scene.agentId, 'Go.')
  await scene.provider.until(1)
  const path = `/v1/agents/run/${runId}/status`
  const first = await scene.call('GET', path)
  expect(first.body.status).toBe('Running')
  expect(first.headers.get('retry-after')).toBe('2')
  const etag = first.headers.get('etag') ?? ''
  expect((await scene.call('GET', path, undefined, { 'if-none-match': etag })).status).toBe(304)
  const news = await scene.call('GET', `${path}?wait=30&since=Pending`)
  expect(news.body.status).toBe('Running')
  const end = scene.call('GET', `${path}?wait=30`)
  await scene.call('POST', `/v1/agents/run/${runId}/cancel`, {})
  expect((await end).body.status).toBe('Cancelled')
})

test('a stream tells what happens, and goes on after the last number that was seen', async () => {
  await using scene = await openFlowybleScene([
    { toolCalls: [{ name: 'memory_search', arguments: { query: 'bees' } }] },
    { text: 'There are no bees.' },
  ])
  const runId = await scene.start(scene.agentId, 'Where are the bees?')
  await scene.finished(runId)
  const read = async (query: string, headers: Record<string, string> = {}) => {
    const events = await openEvents(scene.app, `/v1/agents/run/${runId}/stream${query}`, headers)
    return events.rest()
  }
  const all = await read('')
  const names = all.flatMap(({ event }) => event ?? [])
  expect(names[0]).toBe('run.started')
  expect(names.at(-1)).toBe('run.completed')
  expect(names.filter((name) => name === 'step.completed').length).toBeGreaterThanOrEqual(3)
  const begun = all.filter(({ event }) => event === 'step.started')
  expect(begun.map(({ data }) => data)).toMatchObject([
    { type: 'step.started', step: 'model-1', kind: 'model', model: 'small', iterationNumber: 1 },
    { kind: 'action', toolName: 'memory_search', stepNumber: 1, runId, attempt: 1, at: expect.any(String) },
    { kind: 'model', iterationNumber: 2 },
  ])
  const afterTheFirst = await read('', { 'last-event-id': begun[0]?.id ?? '' })
  expect(afterTheFirst).toEqual(all.slice(all.findIndex(({ event }) => event === 'step.started') + 1))
  const last = all.at(-2)?.id ?? ''
  expect((await read(`?after=${last}`)).flatMap(({ event }) => event ?? [])).toEqual(['run.completed'])
  const resumed = await read('', { 'last-event-id': last })
  expect(resumed.flatMap(({ event }) => event ?? [])).toEqual(['run.completed'])
})
