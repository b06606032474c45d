/** Every name of the pages of Go Memory on jobs, seen on the real server. */
import { expect, test } from 'vitest'
import { whileStoreIsBroken } from '../broken-store.ts'
import { gatedModel } from '../gated-model.ts'
import { goMemoryClient } from '../gomemory-client.ts'
import { movableClock } from '../movable-clock.ts'
import { startTestApp, type TestAppOptions } from '../test-app.ts'
import type { Json } from './document.ts'
import { gomemory } from './gomemory.ts'
import { createWitness } from './witness.ts'

const witness = createWitness(gomemory)
const said = (...contents: readonly string[]) => contents.map((content) => ({ role: 'user', content }))

const open = async (options: TestAppOptions = {}) => {
  const app = await startTestApp(options)
  const post = (body: unknown) => app.request<Json>('POST', '/add_memory', body)
  const status = (id: string) => app.request<Json>('GET', `/get_status/${id}`)
  return {
    ...{ app, post, status, [Symbol.asyncDispose]: app.stop },
    add: async (userId: string, messages: readonly object[]) => {
      const { body, text } = await post({ userId, messages })
      expect(text).toMatch(/\}\n$/)
      const { ReqId, Msg } = witness.see('added job', body)
      return { id: String(ReqId), isQueued: String(Msg).includes('has been queued') }
    },
    see: async (id: string) => witness.see('status of a job', (await status(id)).body),
    ended: async (id: string) => {
      await goMemoryClient(app).finished(id)
      return witness.see('status of a job', (await status(id)).body)
    },
  }
}

test('a job is pending, processing and then over, well or badly, and may come again', async () => {
  const { extractor, begun, broken: refused, open: letGo } = gatedModel()
  const clock = movableClock()
  await using scene = await open({ extractor, clock })
  const working = await scene.add('u', said('wait for it'))
  const waiting = await scene.add('u', said('I keep bees.', 'I sing.'))
  await begun('wait for it')
  expect(await scene.see(working.id)).toMatchObject({ status: 'processing' })
  expect(await scene.see(waiting.id)).toMatchObject({ status: 'pending' })
  witness.held('the same request has the same id', await scene.add('u', said('I keep bees.', 'I sing.')), {
    ...{ id: waiting.id, isQueued: false },
  })
  const otherwiseCut = [
    { role: 'model', content: 'I keep bees.I' },
    { role: 'system', content: ' sing.' },
  ]
  witness.held(
    'roles and borders of messages make no difference to the id',
    await scene.add('u', otherwiseCut),
    { id: waiting.id, isQueued: false },
  )
  letGo('wait for it')
  for (const { id } of [working, waiting]) expect(await scene.ended(id)).toMatchObject({ status: 'success' })
  expect(await scene.add('u', said('wait for it'))).toEqual({ id: working.id, isQueued: false })

  refused.add('nonsense')
  const failing = await scene.add('walk-in', said('nonsense'))
  const failed = await scene.ended(failing.id)
  expect(failed).toMatchObject({ status: 'failure' })
  refused.clear()
  clock.advance(1_000)
  await scene.app.request('POST', '/v1/project/pause', {})
  const again = await scene.add('walk-in', said('nonsense'))
  const { status, createdAt, ...others } = await scene.see(again.id)
  witness.held(
    'a failed job that comes again is pending, with a new createdAt and no error',
    [again, status, others, String(createdAt) > String(failed.createdAt)],
    [{ id: failing.id, isQueued: true }, 'pending', {}, true],
  )
  await scene.app.request('POST', '/v1/project/resume', {})
  expect(await scene.ended(again.id)).toMatchObject({ status: 'success' })

  clock.advance(24 * 3_600_000)
  witness.refused('expired id', await scene.status(again.id))
  witness.held('after 24 hours the same content is a new job', await scene.add('walk-in', said('nonsense')), {
    ...{ id: failing.id, isQueued: true },
  })
})

test('who was never registered may add, and what is not worth keeping is a success', async () => {
  await using scene = await open()
  const { id, isQueued } = await scene.add('nobody', said('Hello!', 'Thanks a lot.'))
  witness.held('an unregistered user may add', isQueued, true)
  const { status } = await scene.ended(id)
  const memories = await goMemoryClient(scene.app).getAll('nobody')
  witness.held('nothing worth remembering is a success', [status, memories], ['success', []])
})

test('what is wrong is said in the documented words', async () => {
  await using scene = await open()
  witness.refused('undecodable JSON', await scene.post('{"userId"'))
  for (const messages of [undefined, null, []])
    witness.refused('no messages', await scene.post({ userId: 'u', messages }))
  for (const id of ['', '%20', '%22%22']) witness.refused('empty id', await scene.status(id))
  const userId = await goMemoryClient(scene.app).createUser()
  witness.refused('id of a user', await scene.status(userId))
  const { id } = await scene.add(userId, said('I keep bees.'))
  await scene.ended(id)
  const unknown = await scene.status('00000000-0000-5000-8000-000000000000')
  witness.refused('unknown id', unknown)
  witness.chose('an unknown job in a sentence', unknown)
  witness.chose('no user', await scene.post({ messages: said('I sing.') }))
  const path = `/get_status/${id}`
  witness.chose('no key', await scene.app.request('GET', path, undefined, { key: null }))
  await whileStoreIsBroken(scene.app, async () => {
    witness.refused('store down', await scene.status(id))
    witness.refused('store down at an add', await scene.post({ userId, messages: said('I sing.') }))
  })
  expect(await scene.ended((await scene.add(userId, said('I sing.'))).id)).toMatchObject({
    status: 'success',
  })
})

test('what cannot be queued is said so', async () => {
  await using scene = await open({ limits: { queueDepthMax: 1 } })
  await scene.app.request('POST', '/v1/project/pause', {})
  await scene.add('u', said('I keep bees.'))
  witness.refused('not queued', await scene.post({ userId: 'u', messages: said('I sing.') }))
})

test('nothing that is documented was left out', () => {
  expect(witness.unseen()).toEqual([])
})
