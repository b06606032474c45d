/** The end of a project, as an operator asks for it. */
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../testing/temporary-folder.ts'
import { startTestApp, type TestApp } from '../../testing/test-app.ts'

type Created = { readonly project_id: string; readonly key: string }
const create = async (app: TestApp, name: string) =>
  (await app.request<Created>('POST', '/v1/projects', { name })).body
const remove = (app: TestApp, id: string, confirm: string, key = app.key) =>
  app.request('DELETE', `/v1/projects/${id}`, { confirm }, { key })
const statusOf = async (app: TestApp, id: string) => (await app.request('GET', `/v1/projects/${id}`)).status
const gone = (app: TestApp, id: string) =>
  expect.poll(() => statusOf(app, id), { interval: 10, timeout: 30_000 }).toBe(404)

test('a confirmed project is closed at once, then gone with everything; its name is free', async () => {
  await using app = await startTestApp()
  const { project_id, key } = await create(app, 'tenant')
  const as = { key }
  const runId = await app.add('Mara keeps bees.', {}, as)
  await app.finished(runId, as)
  const waiting = {
    topics: [{ topic_name: 'T', description: '', is_bounded: false, scoping: { user_scoped: true } }],
    pipeline: {
      steps: [
        { name: 'extract', type: 'extract' },
        { name: 'wait', type: 'buffer', trigger: { count: 2 } },
        { name: 'place', type: 'transform' },
        { name: 'commit', type: 'commit' },
      ],
    },
  }
  await app.request('PUT', '/v1/groups/waiting', waiting, as)
  const buffered = await app.add('Mara lives in Graz.', { group: 'waiting' }, as)
  const stateOf = async () =>
    (await app.request<{ state: string }>('GET', `/v1/runs/${buffered}`, undefined, as)).body.state
  await expect.poll(stateOf, { interval: 5, timeout: 20_000 }).toBe('buffered')
  await app.finished(await app.add('Mara keeps bees.'))
  expect(await remove(app, project_id, 'tenant')).toMatchObject({ status: 202, body: { state: 'removing' } })
  expect((await app.request('GET', '/v1/auth/verify', undefined, as)).status).toBe(401)
  await gone(app, project_id)
  expect(await remove(app, project_id, 'tenant')).toMatchObject({ status: 404, body: { code: 'not_found' } })
  expect((await app.request('GET', `/v1/runs/${runId}`)).status).toBe(404)
  expect(await app.list()).toHaveLength(1)
  const again = await create(app, 'tenant')
  expect(await app.list({}, { key: again.key })).toEqual([])
  expect((await app.request('GET', '/v1/doctor')).body).toMatchObject({ healthy: true })
})

test('a removal goes on after a restart', async () => {
  using folder = temporaryFolder()
  let projectId = ''
  {
    await using app = await startTestApp({ dataDir: folder.path })
    const created = await create(app, 'large')
    projectId = created.project_id
    const texts = Array.from({ length: 300 }, (_, n) => `Mara owns hive number ${n} in garden ${n * 7}.`)
    await app.finished(await app.add(texts, {}, { key: created.key }), { key: created.key })
    expect((await remove(app, projectId, 'large')).status).toBe(202)
  }
  await using app = await startTestApp({ dataDir: folder.path })
  await gone(app, projectId)
})

test('what is not confirmed, the first project and the caller’s own stay', async () => {
  await using app = await startTestApp()
  const { project_id } = await create(app, 'tenant')
  for (const confirm of ['Tenant', 'tenant ', 'default', project_id])
    expect(await remove(app, project_id, confirm)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    })
  expect((await app.request('DELETE', `/v1/projects/${project_id}`)).status).toBe(422)
  const { body: first } = await app.request<{ project_id: string }>('GET', '/v1/project')
  expect(await remove(app, first.project_id, 'default')).toMatchObject({
    status: 409,
    body: { code: 'conflict' },
  })
  expect(await app.request('GET', `/v1/projects/${project_id}`)).toMatchObject({ body: { state: 'active' } })
  expect((await app.request('GET', '/v1/auth/verify')).status).toBe(204)
})
