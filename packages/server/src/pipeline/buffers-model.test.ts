/**
 * Random arrivals, cancellations, flushes by hand, time and deaths of the process, against what must come out: whatever was said by a
 * run that was not cancelled stands in the digest exactly once, what was cancelled in a buffer does not, and no buffer is ever fuller
 * or older than it may be.
 */
import { expect, test } from 'vitest'
import { digesting, healthy, openBufferScene, settle } from '../testing/buffer-scene.ts'
import { seededRandom } from '../testing/seeded-random.ts'

const COUNT = 4
const AGE_MS = 3_600_000
const IDLE_MS = 1_200_000
const OPERATIONS = 60
const users = ['ada', 'bob']

test.each([1, 2, 3, 4, 5, 6])('nothing twice, nothing left (seed %i)', async (seed) => {
  const random = seededRandom(seed)
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item // safety: never empty
  await using scene = await openBufferScene(digesting({ count: COUNT, ageMs: AGE_MS, idleMs: IDLE_MS }))
  const said = new Map<string, { readonly token: string; readonly userKey: string }>()

  const operations: readonly (() => Promise<unknown>)[] = [
    async () => {
      const [token, userKey] = [`qx${said.size}z`, pick(users)]
      said.set(await scene.add(`${userKey} keeps the parcel ${token}.`, { userKey }), { token, userKey })
    },
    () => settle(scene),
    async () => {
      // A process that dies with a run in hand.
      const { leaseMs, runTimeoutMs } = scene.limits
      await scene.storage.claimRuns({ limit: 1, leaseMs, runTimeoutMs, now: scene.clock.now() })
      await scene.restart()
    },
    async () => scene.clock.advance(Math.floor(random() * IDLE_MS)),
    async () => {
      if (said.size === 0) return
      const runId = pick([...said.keys()])
      await scene.project.cancelRun({ runId, reason: null, now: scene.clock.now() })
    },
    async () => {
      if (said.size > 0)
        await scene.project.flushRun({ runId: pick([...said.keys()]), now: scene.clock.now() })
    },
  ]
  // Mostly arrivals, so that buffers fill as well as grow old.
  const weighted = [0, 0, 0, 0, 1, 1, 1, 2, 3, 4, 5]
  for (let count = 0; count < OPERATIONS; count++) {
    await operations[pick(weighted)]?.()
    if (count % 10 === 0) await healthy(scene)
  }
  await settle(scene)
  scene.clock.advance(AGE_MS)
  await settle(scene)

  const digests = new Map<string, string>()
  for (const userKey of users)
    digests.set(userKey, (await scene.memories('digest', userKey)).map(({ content }) => content).join())
  const wrong: string[] = []
  for (const [runId, { token, userKey }] of said) {
    const { state } = await scene.run(runId)
    const times = (digests.get(userKey) ?? '').split(token).length - 1
    const isRight = (state === 'completed' && times === 1) || (state === 'cancelled' && times === 0)
    if (!isRight) wrong.push(`${runId} of ${userKey} is ${state}, and ${times} times in the digest`)
    const events = await scene.project.listEvents({ runId, after: 0, limit: 100 })
    const [buffered, resumed] = ['run.buffered', 'run.resumed'].map((type) =>
      events.find((event) => event.type === type),
    )
    if (Number(resumed?.data.members ?? 0) > COUNT) wrong.push(`${runId} went on with too many`)
    if (buffered !== undefined && Number(buffered.data.count) > COUNT) wrong.push(`${runId} found too many`)
  }
  expect(wrong).toEqual([])
  expect(said.size).toBeGreaterThan(10)
  expect(await scene.storage.nextDueAt()).toBeNull()
  expect((await scene.project.getQueue()).depth).toBe(0)
  await healthy(scene)
})
