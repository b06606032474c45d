/** Who waits takes no place, and comes back to one before anything new begins. */
import { expect, test } from 'vitest'
import { PARKED_RUN_COUNT_MAX } from '../kernel/limits.ts'
import { createParking } from './parking.ts'

const open = (placeCount: number) => {
  const holders = new Set<string>()
  let freedCount = 0
  const parking = createParking<string>(placeCount, holders, () => {
    freedCount++
  })
  return {
    ...parking,
    take: (holder: string) => holders.add(holder),
    end: (holder: string) => {
      holders.delete(holder)
      parking.forget(holder)
    },
    freedCount: () => freedCount,
  }
}

const settled = async (promise: Promise<unknown>) => {
  const pending = Symbol('pending')
  await new Promise(setImmediate)
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending
}

test('a run that waits gives its place away, and says so', async () => {
  const places = open(1)
  places.take('parent')
  expect(places.freeCount()).toBe(0)
  const wait = Promise.withResolvers<string>()
  const parked = places.park('parent', () => wait.promise)
  expect([places.freeCount(), places.isParked('parent'), places.freedCount()]).toEqual([1, true, 1])
  wait.resolve('done')
  expect(await parked).toBe('done')
  expect([places.freeCount(), places.isParked('parent')]).toEqual([0, false])
})

test('it goes on only when there is a place, and gets the first one that is free', async () => {
  const places = open(1)
  places.take('parent')
  const parked = places.park('parent', async () => 'done')
  places.take('child')
  expect(await settled(parked)).toBe(false)
  const freedCount = places.freedCount()
  places.end('child')
  expect(places.freeCount()).toBe(0)
  expect(places.freedCount()).toBe(freedCount + 1)
  expect(await parked).toBe('done')
})

test('a wait that fails is not held up', async () => {
  const places = open(1)
  places.take('parent')
  const parked = places.park('parent', () => Promise.reject(new Error('cancelled')))
  places.take('child')
  await expect(parked).rejects.toThrow('cancelled')
  expect(places.isParked('parent')).toBe(false)
})

test('a run that waits for several takes no place until the last of them has ended', async () => {
  const places = open(1)
  places.take('parent')
  const [first, second] = [Promise.withResolvers<number>(), Promise.withResolvers<number>()]
  const parked = [places.park('parent', () => first.promise), places.park('parent', () => second.promise)]
  places.take('child')
  first.resolve(1)
  expect(await settled(parked[0] as Promise<number>)).toBe(false)
  second.resolve(2)
  places.end('child')
  expect(await Promise.all(parked)).toEqual([1, 2])
  expect([places.freeCount(), places.isParked('parent')]).toEqual([0, false])
})

test('a run that ended while its wait goes on is gone', async () => {
  const places = open(2)
  places.take('parent')
  const wait = Promise.withResolvers<number>()
  const parked = places.park('parent', () => wait.promise)
  places.end('parent')
  expect(places.freeCount()).toBe(2)
  wait.resolve(1)
  await parked
  expect(places.freeCount()).toBe(2)
})

test('no more wait than may', async () => {
  const places = open(1)
  const never = new Promise<never>(() => {})
  for (let count = 0; count < PARKED_RUN_COUNT_MAX; count++) {
    places.take(`run ${count}`)
    void places.park(`run ${count}`, () => never)
  }
  places.take('last')
  await expect(places.park('last', () => never)).rejects.toMatchObject({
    code: 'too_many_waiting',
    retryable: true,
  })
  expect(places.freeCount()).toBe(0)
})
