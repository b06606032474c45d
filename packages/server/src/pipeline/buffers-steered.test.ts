/** Runs that wait for each other, or go on together, and are cancelled, fail, or lose their process. */
import { expect, test } from 'vitest'
import { StepError } from '../kernel/step-error.ts'
import type { Extractor } from '../models/model.ts'
import type { Run } from '../runs/run.ts'
import {
  add,
  committed,
  digest,
  digesting,
  HOUR_MS,
  healthy,
  interrupting,
  openBufferScene,
  settle,
  states,
} from '../testing/buffer-scene.ts'
import { echoExtractor } from '../testing/fake-extractor.ts'

test('by hand what waits goes on at once', async () => {
  await using scene = await openBufferScene(digesting({ ageMs: HOUR_MS }))
  const [first, second] = [await add(scene, 'Ada keeps bees.'), await add(scene, 'Ada sails.')]
  expect(await scene.project.flushRun({ runId: second, now: scene.clock.now() })).toMatchObject({
    ...{ kind: 'done', run: { state: 'buffered' } },
  })
  expect(await scene.project.flushRun({ runId: second, now: scene.clock.now() })).toMatchObject({
    kind: 'unchanged',
  })
  await settle(scene)
  expect(await states(scene, [first, second])).toEqual(['completed', 'completed'])
})

test('cancelling one leaves the others, and the last one takes the buffer away', async () => {
  await using scene = await openBufferScene(digesting({ count: 3 }))
  const [first, second] = [await add(scene, 'Ada keeps bees.'), await add(scene, 'Ada sails.')]
  const cancel = (runId: string) => scene.project.cancelRun({ runId, reason: null, now: scene.clock.now() })
  await cancel(first)
  expect(await states(scene, [first, second])).toEqual(['cancelled', 'buffered'])
  expect(await committed(scene, first)).toEqual(['create'])
  expect((await scene.project.getRun(second))?.buffer?.count).toBe(1)
  await healthy(scene)
  await cancel(second)
  await healthy(scene)
  await scene.project.requeueRun({ runId: first, voidSteps: [], queueDepthMax: 9, now: scene.clock.now() })
  await settle(scene)
  expect((await scene.project.getRun(first))?.buffer?.count).toBe(1)
  await add(scene, 'Ada bakes.')
  await add(scene, 'Ada knits.')
  expect(await digest(scene)).toEqual(['Ada keeps bees. Ada bakes. Ada knits.'])
})

test('when the one that leads is cancelled before it begins, the next one leads', async () => {
  await using scene = await openBufferScene(digesting({ ageMs: HOUR_MS }))
  const [first, second] = [await add(scene, 'Ada keeps bees.'), await add(scene, 'Ada sails.')]
  await scene.project.flushRun({ runId: first, now: scene.clock.now() })
  expect(await states(scene, [first, second])).toEqual(['queued', 'buffered'])
  await scene.project.cancelRun({ runId: first, reason: null, now: scene.clock.now() })
  expect(await states(scene, [first, second])).toEqual(['cancelled', 'queued'])
  await healthy(scene)
  await settle(scene)
  expect(await digest(scene)).toEqual(['Ada sails.'])
  await healthy(scene)
})

test.each<['leads' | 'follows']>([['leads'], ['follows']])(
  'one that %s is cancelled while all are worked on: it is not in what the others commit',
  async (role) => {
    let meanwhile: () => Promise<unknown> = () => Promise.resolve()
    await using scene = await openBufferScene(digesting({ count: 3 }), {
      extractor: interrupting(() => meanwhile()),
    })
    const runIds = [await add(scene, 'Ada keeps bees.'), await add(scene, 'Ada sails.')]
    const [runId = '', text = ''] =
      role === 'leads' ? [runIds[0], 'Ada sails. Ada bakes.'] : [runIds[1], 'Ada keeps bees. Ada bakes.']
    meanwhile = () => scene.project.cancelRun({ runId, reason: null, now: scene.clock.now() })
    runIds.push(await add(scene, 'Ada bakes.'))
    expect((await scene.run(runId)).state).toBe('cancelled')
    expect((await states(scene, runIds)).filter((state) => state === 'completed')).toHaveLength(2)
    expect(await digest(scene)).toEqual([text])
    expect(await committed(scene, runId)).toEqual(['create'])
    await healthy(scene)
  },
)

test('those that go on together fail together, and each can be tried again alone', async () => {
  let isBroken = true
  const extractor: Extractor = {
    ...echoExtractor,
    summarise: async (request) => {
      if (isBroken) throw new StepError('invalid_output', 'nonsense')
      return echoExtractor.summarise(request)
    },
  }
  await using scene = await openBufferScene(digesting({ count: 2 }), { extractor })
  const [first, second] = [await add(scene, 'Ada keeps bees.'), await add(scene, 'Ada sails.')]
  expect(await Promise.all([first, second].map((runId) => scene.run(runId)))).toMatchObject([
    { state: 'partial', error: { code: 'invalid_output' }, bufferId: null },
    { state: 'partial', error: { code: 'invalid_output' }, bufferId: null },
  ])
  await healthy(scene)
  isBroken = false
  for (const runId of [second, first]) {
    await scene.project.requeueRun({ runId, voidSteps: [], queueDepthMax: 9, now: scene.clock.now() })
    await settle(scene)
  }
  expect(await states(scene, [first, second])).toEqual(['completed', 'completed'])
  expect(await digest(scene)).toEqual(['Ada sails. Ada keeps bees.'])
  await healthy(scene)
})

test('what was decided for all does not hold for those who are left after a restart', async () => {
  const dying = new AbortController()
  let isGoingOn = false
  const reached = (point: string) => {
    if (isGoingOn && point === 'after_step') dying.abort(new Error('the process ends'))
  }
  await using scene = await openBufferScene(digesting({ count: 2 }), { signals: { reached } })
  const first = await add(scene, 'Ada keeps bees.')
  const second = await scene.add('Ada sails.')
  await scene.attempt()
  isGoingOn = true
  await scene.attempt(dying.signal)
  expect((await scene.project.listSteps(first)).at(-1)).toMatchObject({
    name: 'aggregate',
    status: 'completed',
  })
  await scene.project.cancelRun({ runId: second, reason: null, now: scene.clock.now() })
  await scene.restart()
  isGoingOn = false
  await settle(scene)
  expect(await states(scene, [first, second])).toEqual(['completed', 'cancelled'])
  expect(await digest(scene)).toEqual(['Ada keeps bees.'])
  await healthy(scene)
})

test('a process that dies while all go on does nothing twice', async () => {
  const dying = new AbortController()
  const extractor = interrupting(async () => dying.abort(new Error('the process ends')))
  await using scene = await openBufferScene(digesting({ count: 2 }), { extractor })
  const first = await add(scene, 'Ada keeps bees.')
  const second = await scene.add('Ada sails.')
  await scene.attempt()
  await scene.attempt(dying.signal)
  expect(await states(scene, [first, second])).toEqual(['running', 'buffered'])
  await scene.restart()
  await settle(scene)
  expect(await states(scene, [first, second])).toEqual(['completed', 'completed'])
  expect(await digest(scene)).toEqual(['Ada keeps bees. Ada sails.'])
  expect(await committed(scene, second)).toEqual(['create', 'create'])
  await healthy(scene)
})

const waits = ({ state, retryAt }: Run) => [state, retryAt]

test('a failure that may pass keeps all together until the next attempt', async () => {
  let failures = 1
  const extractor: Extractor = {
    ...echoExtractor,
    summarise: async (request) => {
      if (failures-- > 0) throw new StepError('unavailable', 'not now', { retryable: true })
      return echoExtractor.summarise(request)
    },
  }
  await using scene = await openBufferScene(digesting({ count: 2 }), { extractor })
  const [first, second] = [await add(scene, 'Ada keeps bees.'), await add(scene, 'Ada sails.')]
  expect(waits(await scene.run(first))).toEqual(['running', expect.any(Number)])
  expect(waits(await scene.run(second))).toEqual(['buffered', null])
  scene.clock.advance(HOUR_MS)
  await settle(scene)
  expect(await states(scene, [first, second])).toEqual(['completed', 'completed'])
})
