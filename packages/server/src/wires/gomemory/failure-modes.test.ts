/** The ways in which the server this API comes from is known to fail, by their numbers in docs/wires/gomemory.md, each tried here. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { StepError } from '../../kernel/step-error.ts'
import type { Extractor } from '../../models/model.ts'
import { fakeExtractor } from '../../testing/fake-extractor.ts'
import { gatedModel } from '../../testing/gated-model.ts'
import { goMemoryClient } from '../../testing/gomemory-client.ts'
import { movableClock } from '../../testing/movable-clock.ts'
import { temporaryFolder } from '../../testing/temporary-folder.ts'
import { startTestApp } from '../../testing/test-app.ts'

const said = (...contents: readonly string[]) => contents.map((content) => ({ role: 'user', content }))
const QUEUED = 'Memory Insertion Job has been queued for insertion!'

const start = async (options: Parameters<typeof startTestApp>[0] = {}) => {
  const app = await startTestApp(options)
  const client = goMemoryClient(app)
  const remember = async (userId: string, ...contents: readonly string[]) =>
    client.finished((await client.addMemory(userId, said(...contents))).req_id)
  return { app, client, remember, [Symbol.asyncDispose]: app.stop }
}

test('F1: a failed job that is sent again at once is tried again, and its time begins anew', async () => {
  const [{ extractor, broken }, clock] = [gatedModel(), movableClock()]
  await using scene = await start({ extractor, clock })
  broken.add('I keep bees.')
  const failed = await scene.remember('u', 'I keep bees.')
  expect(failed).toMatchObject({ status: 'failure', error: expect.stringContaining('nonsense') })
  broken.clear()
  clock.advance(1_000)
  const again = await scene.client.addMemory('u', said('I keep bees.'))
  expect(again.msg).toBe(QUEUED)
  const { status, error, created_at } = await scene.client.finished(again.req_id)
  expect([status, error]).toEqual(['success', null])
  expect(Date.parse(created_at) - Date.parse(failed.created_at)).toBeGreaterThanOrEqual(1_000)
  expect(await scene.client.getAll('u')).toHaveLength(1)
})

test('F2: what could not be queued leaves no trace, and is queued when it is sent again', async () => {
  const { extractor, begun, open } = gatedModel()
  await using scene = await start({ extractor, limits: { queueDepthMax: 1 } })
  const first = await scene.client.addMemory('u', said('wait'))
  await begun('wait')
  const body = { userId: 'v', messages: said('I sing.') }
  const refused = await scene.app.request('POST', '/add_memory', body)
  expect(refused).toMatchObject({ status: 500, body: { Error: 'Failed to queue memory insertion.' } })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  open('wait')
  await scene.client.finished(first.req_id)
  const second = await scene.client.addMemory('v', said('I sing.'))
  expect(second.msg).toBe(QUEUED)
  expect(await scene.client.finished(second.req_id)).toMatchObject({ status: 'success' })
})

test('F3: success means stored: what a job found is there, and one that failed has changed nothing', async () => {
  const { extractor, broken } = gatedModel()
  await using scene = await start({ extractor })
  expect(await scene.remember('u', 'I keep bees.')).toMatchObject({ status: 'success' })
  const before = await scene.client.getAll('u')
  expect(before).toHaveLength(1)
  broken.add('I keep bees no more.')
  expect(await scene.remember('u', 'I keep bees no more.')).toMatchObject({ status: 'failure' })
  expect(await scene.client.getAll('u')).toEqual(before)
})

test('F4: a model that answers what crashes its reader fails its own job, not the server', async () => {
  const extractor = fakeExtractor((text) => {
    if (!text.startsWith('crash')) return [text]
    const answer: { payload?: { text: string } } = JSON.parse('{}')
    // safety: what is tried is that this is not so
    return [(answer.payload as { text: string }).text]
  })
  await using scene = await start({ extractor, limits: { runFailureCountMax: 2, retryBaseMs: 1 } })
  expect(await scene.remember('u', 'crash')).toMatchObject({ status: 'failure' })
  expect(await scene.remember('u', 'I sing.')).toMatchObject({ status: 'success' })
  expect(await scene.client.getAll('u')).toHaveLength(1)
})

test('F5: an id that is made up spoils nothing for those beside it', async () => {
  await using scene = await start()
  await scene.remember('u', 'I keep bees.', 'I collect stamps.')
  const [bees] = await scene.client.getAll('u')
  await scene.client.remove('general', 'u', ['', 'made up', bees?.memory_id ?? ''])
  expect((await scene.client.getAll('u')).map(({ memory_text }) => memory_text)).toEqual([
    'User: I collect stamps.',
  ])
})

test('F6: thirty-two jobs and sixteen deletions of one user at once lose nothing to each other', async () => {
  await using scene = await start()
  const old = Array.from({ length: 16 }, (_, index) => `My daughter's name is Old${index}.`)
  await scene.remember('u', ...old)
  const before = await scene.client.getCore('u')
  expect(before).toHaveLength(16)
  const names = Array.from({ length: 32 }, (_, index) => `My son's name is New${index}.`)
  const [statuses] = await Promise.all([
    Promise.all(names.map((name) => scene.remember('u', name))),
    Promise.all(before.map(({ memory_id }) => scene.client.remove('core', 'u', [memory_id]))),
  ])
  expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set(['success']))
  const after = await scene.client.getCore('u')
  expect(after.map(({ memory_text }) => memory_text).sort()).toEqual(
    names.map((name) => `User: ${name}`).sort(),
  )
})

test('F7: assistant is model, system is read, and somebody of another role is heard', async () => {
  await using scene = await start()
  const speak = async (userId: string, role: string) => {
    const messages = [
      { role: 'system', content: 'Be brief. The user plays chess.' },
      { role: 'user', content: 'I keep bees.' },
      { role, content: 'The observatory opens on Sunday.' },
    ]
    const { req_id } = await scene.client.addMemory(userId, messages)
    expect(await scene.client.finished(req_id)).toMatchObject({ status: 'success' })
    return (await scene.client.getAll(userId)).map(({ memory_text }) => memory_text)
  }
  const asModel = await speak('u', 'model')
  expect(asModel).toEqual([
    'The user plays chess.',
    'User: I keep bees.',
    'Assistant: The observatory opens on Sunday.',
  ])
  expect(await speak('v', 'assistant')).toEqual(asModel)
  expect(await speak('w', 'Narrator')).toContain('Narrator: The observatory opens on Sunday.')
  expect(await speak('x', '')).toContain('User: The observatory opens on Sunday.')
})

test('F8: a model that is overloaded for a while is asked again', async () => {
  let failures = 0
  const extractor = fakeExtractor((text) => {
    if (failures++ < 2) throw new StepError('overloaded', 'the model is overloaded', { retryable: true })
    return [text]
  })
  await using scene = await start({ extractor, limits: { retryBaseMs: 1 } })
  expect(await scene.remember('u', 'I sing.')).toMatchObject({ status: 'success' })
  expect(failures).toBe(3)
})

test('F9: after the last core memory was deleted there is an empty list, not null', async () => {
  await using scene = await start()
  await scene.remember('u', 'I live in Graz.')
  for (const { memory_id } of await scene.client.getCore('u'))
    await scene.client.remove('core', 'u', [memory_id])
  expect((await scene.app.request('GET', '/get_core/u')).text).toBe('[]\n')
})

test('F10: without a key nothing is told, and what fails inside stays inside', async () => {
  const extractor: Extractor = fakeExtractor(() => {
    throw new Error('connection to 10.0.0.7 with token hunter2 refused')
  })
  await using scene = await start({ extractor, limits: { runFailureCountMax: 1 } })
  for (const key of [null, 'rem_wrong']) {
    const stranger = goMemoryClient(scene.app, key)
    await expect(stranger.createUser()).rejects.toMatchObject({ status: 401 })
    await expect(stranger.getAll('u')).rejects.toMatchObject({ status: 401 })
  }
  const { status, error } = await scene.remember('u', 'I sing.')
  expect(status).toBe('failure')
  expect(error).not.toMatch(/10\.0\.0\.7|hunter2/)
})

test('F11, F13: after a restart jobs that are done stay done, and one that was cut off is gone on with at once', async () => {
  using folder = temporaryFolder()
  const { extractor, begun } = gatedModel()
  const first = await start({ extractor, dataDir: folder.path, limits: { drainMs: 10 } })
  const done = await first.client.addMemory('u', said('I keep bees.'))
  const status = await first.client.finished(done.req_id)
  const cut = await first.client.addMemory('u', said('wait for me'))
  await begun('wait for me')
  expect(await first.client.getStatus(cut.req_id)).toMatchObject({ status: 'processing' })
  await first.app.stop()

  const worked: string[] = []
  const watched = fakeExtractor((text) => {
    worked.push(text)
    return [text]
  })
  await using second = await start({ extractor: watched, dataDir: folder.path })
  expect(await second.client.finished(cut.req_id)).toMatchObject({ status: 'success' })
  expect(await second.client.getStatus(done.req_id)).toEqual(status)
  expect(worked).toEqual(['wait for me'])
  expect(await second.client.getAll('u')).toHaveLength(2)
})

test('F12: a user nobody has registered is known from the first add on', async () => {
  await using scene = await start()
  const { req_id } = await scene.client.addMemory('walk-in', said('I keep bees.'))
  expect(Array.isArray(await scene.client.getAll('walk-in'))).toBe(true)
  await scene.client.finished(req_id)
  expect(await scene.client.getAll('walk-in')).toMatchObject([{ type: 'general' }])
  expect(await scene.client.getMemory('walk-in', { query: 'bees' })).toHaveLength(1)
})

test('F14: the process says that it lives, and beside it whether it can work', async () => {
  await using scene = await start()
  const breaker = new DatabaseSync(join(scene.app.dataDir, 'remanence.db'))
  breaker.exec('ALTER TABLE scheduler RENAME TO lost_scheduler')
  expect(await scene.client.healthCheck()).toMatchObject({ message: 'Server is healthy!' })
  expect((await scene.app.request('GET', '/ready')).status).toBe(503)
  breaker.exec('ALTER TABLE lost_scheduler RENAME TO scheduler')
  breaker.close()
  expect((await scene.app.request('GET', '/ready')).status).toBe(200)
})
