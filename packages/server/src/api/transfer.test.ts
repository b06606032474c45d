/** Export and import: the same comes out as went in, whatever was stored, however often and however interrupted. */
import { expect, test } from 'vitest'
import { item } from '../testing/contract/contract.ts'
import { createProject } from '../testing/factories.ts'
import { live } from '../testing/lived-project.ts'
import { type RunBody, startTestApp, type TestApp } from '../testing/test-app.ts'

const exported = async (app: TestApp, query = '', key = app.key): Promise<string> => {
  const { status, text } = await app.request('GET', `/v1/export${query}`, undefined, { key })
  expect(status).toBe(200)
  return text
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '')

const post = (app: TestApp, text: string, key = app.key) =>
  app.request<RunBody & { detail: string }>('POST', '/v1/import', text, {
    key,
    headers: { 'content-type': 'application/x-ndjson' },
  })

const imported = async (app: TestApp, text: string, key = app.key): Promise<RunBody> => {
  const answer = await post(app, text, key)
  expect(answer).toMatchObject({ status: 202, body: { input_type: 'import' } })
  return app.finished(answer.body.run_id, { key })
}

const healthy = async (app: TestApp) => {
  const { body } = await app.request<{ checks: { wrong_count: number }[] }>('GET', '/v1/doctor')
  expect(body.checks.filter(({ wrong_count }) => wrong_count > 0)).toEqual([])
}

const searched = async (app: TestApp, key = app.key) => {
  const answers = await Promise.all(
    ['Where does Mara live?', 'hives', 'boat called Petrel', 'bicycle to the market'].flatMap((query) =>
      [{ user_id: 'mara' }, { user_id: 'jonas' }, { user_id: 'mara', group: 'talks' }].map(
        async (whose) =>
          (await app.request('POST', '/v1/memories/search', { query, ...whose }, { key })).text,
      ),
    ),
  )
  return answers.map((text) =>
    text.replace(/"(project_id|request_id)":"[^"]+"/g, '"$1":"-"').replace(/"took_ms":[\d.]+/g, ''),
  )
}

test('what was exported, imported and exported again is the same to the byte, with the same search results', async () => {
  await using from = await startTestApp()
  await using to = await startTestApp({ template: 'personalization-with-summary' })
  await live(from)
  const text = await exported(from)
  const lines = linesOf(text)
  expect(lines.map((line) => JSON.parse(line).type)).toEqual(
    expect.arrayContaining([
      ...['header', 'group', 'user', 'agent', 'tool', 'run', 'memory'],
      ...['conversation', 'message', 'compaction', 'conversation_key'],
    ]),
  )
  const run = await imported(to, text)
  expect(run).toMatchObject({
    state: 'completed',
    outcome: 'done',
    result: { read: lines.length - 1, conflicts: 0 },
  })
  expect(await exported(to)).toBe(text)
  expect(await searched(to)).toEqual(await searched(from))
  const { memories } = (
    await from.request<{ memories: { id: string }[] }>('POST', '/v1/memories/list', { user_id: 'jonas' })
  ).body
  const history = async (app: TestApp) =>
    (await app.request('GET', `/v1/memories/${memories[0]?.id}/history?user_id=jonas`)).text.replace(
      /"(group_id|project_id)":"[^"]+"/g,
      '',
    )
  expect(await history(to)).toBe(await history(from))
  await healthy(to)
  expect(text).not.toMatch(/stays at home|7\.77|trg_/)
  for (const path of ['secrets', 'triggers', 'credits/transactions'])
    expect((await to.request('GET', `/v1/${path}`)).text).toContain('":[]')
  const spent = async (app: TestApp) => {
    const list = await app.request<{ agents: { id: string }[] }>('GET', '/v1/agents')
    const [agent] = list.body.agents
    const runs = await app.request<{ runs: RunBody[] }>(
      'GET',
      `/v1/agents/${agent?.id}/runs?conversation_id=c-1`,
    )
    const address = `/v1/agents/${agent?.id}/runs/${runs.body.runs[0]?.run_id}`
    return (await app.request<{ credits_used: string }>('GET', address)).body.credits_used
  }
  expect([await spent(from), await spent(to)]).toEqual(['0.05', '0.05'])
  const again = await imported(to, text)
  expect(again.result).toMatchObject({ created: 0, unchanged: lines.length - 1, conflicts: 0 })
  expect(await exported(to)).toBe(text)
})

test('a project goes on where it was: statements are known, and the one memory of a bounded topic is rewritten', async () => {
  await using from = await startTestApp({ template: 'personalization-with-summary' })
  await using to = await startTestApp({ template: 'personalization-with-summary' })
  const about = (content: string) => ({
    pre_extracted: { items: [{ content, topic: 'ConversationSummary' }] },
  })
  const properties = { conversation_id: 'c-1' }
  await from.finished(await from.add(item('Mara keeps bees.'), { properties }))
  await from.finished(await from.add(about('About bees.'), { properties }))
  await imported(to, await exported(from))
  expect(await to.finished(await to.add(item('Mara keeps bees.'), { properties }))).toMatchObject({
    counts: { unchanged: 1, created: 0 },
  })
  expect(await to.finished(await to.add(about('And honey.'), { properties }))).toMatchObject({
    counts: { updated: 1, created: 0 },
  })
  expect(await to.list()).toHaveLength(2)
  await healthy(to)
})

test('parts, a resumed export and repeated lines come to the same', async () => {
  await using from = await startTestApp()
  await using to = await startTestApp()
  await live(from)
  const text = await exported(from)
  const [header = '', ...records] = linesOf(text)
  for (let index = 0; index < records.length; index++) {
    const { cursor } = JSON.parse(records[index] ?? '')
    if (index % 3 === 0) {
      const rest = await exported(from, `?after=${encodeURIComponent(cursor)}`)
      expect(linesOf(rest)).toEqual([header, ...records.slice(index + 1)])
    }
    const part = [header, ...records.slice(Math.max(0, index - 1), index + 1)].join('\n')
    expect((await imported(to, part)).result).toMatchObject({ conflicts: 0 })
  }
  expect(await exported(to)).toBe(text)
})

test('another project of the same server takes it in beside the first, and neither sees the other', async () => {
  let key = ''
  await using app = await startTestApp({
    prepare: async (storage) => {
      key = (await createProject(storage, 'copies')).key
    },
  })
  await live(app)
  const text = await exported(app)
  await imported(app, text, key)
  expect(await exported(app, '', key)).toBe(text)
  const [memory] = await app.list({ user_id: 'jonas' }, { key })
  await app.request('DELETE', `/v1/memories/${memory?.id}?user_id=jonas`, undefined, { key })
  expect(await exported(app)).toBe(text)
  await healthy(app)
})

test('what is there already is kept, and said to be in the way', async () => {
  await using from = await startTestApp()
  await using to = await startTestApp()
  await from.finished(await from.add(item('Mara keeps bees.')))
  await to.finished(await to.add(item('Mara keeps bees.')))
  const text = await exported(from)
  const run = await imported(to, text)
  expect(run.result).toMatchObject({
    conflicts: 1,
    told: [{ reason: expect.stringMatching(/says the same$/) }],
  })
  expect(await to.list()).toHaveLength(1)
  const changed = linesOf(text).map((line) => line.replace('"outcome":"committed"', '"outcome":"unchanged"'))
  const second = await imported(to, changed.join('\n'))
  expect(second.result).toMatchObject({ told: [{ reason: 'a run of this id is there, and is another' }, {}] })
  await healthy(to)
})

test('runs that have not ended go on where they come to', async () => {
  await using from = await startTestApp()
  await using to = await startTestApp()
  await from.request('POST', '/v1/processing/pause', {})
  const runId = await from.add('Mara keeps bees.')
  await imported(to, await exported(from))
  expect(await to.finished(runId)).toMatchObject({ state: 'completed', counts: { created: 1 } })
  expect((await to.list()).map(({ content }) => content)).toEqual(['Mara keeps bees.'])
  await healthy(to)
})

test('a run that waits in a buffer waits in one where it comes to', async () => {
  await using from = await startTestApp()
  await using to = await startTestApp()
  const scoping = { user_scoped: true, scope_properties: [] }
  const group = {
    topics: [{ topic_name: 'Facts', description: 'Facts.', is_bounded: false, scoping }],
    pipeline: {
      steps: [
        { name: 'extract', type: 'extract' },
        { name: 'gather', type: 'buffer', trigger: { count: 2 } },
        { name: 'transform', type: 'transform' },
        { name: 'commit', type: 'commit' },
      ],
    },
  }
  await from.request('PUT', '/v1/groups/slow', group)
  const runId = await from.add('Mara keeps bees.', { group: 'slow' })
  const stateIn = (app: TestApp) => async () =>
    (await app.request<RunBody>('GET', `/v1/runs/${runId}`)).body.state
  await expect.poll(stateIn(from)).toBe('buffered')
  await imported(to, await exported(from))
  await expect.poll(stateIn(to)).toBe('buffered')
  await to.finished(await to.add('Mara sings.', { group: 'slow' }))
  expect(await to.finished(runId)).toMatchObject({ state: 'completed', counts: { created: 1 } })
  await healthy(to)
})
