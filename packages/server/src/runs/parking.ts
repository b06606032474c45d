/**
 * The places of a worker, where runs may wait for other runs. One that waits is parked and takes no place, or those that all
 * of them wait for would never be worked on. When its wait is over it has the next free place, before anything new is claimed; when its
 * wait fails it goes on at once, as it is about to end.
 */
import { PARKED_RUN_COUNT_MAX } from '../kernel/limits.ts'
import { StepError } from '../kernel/step-error.ts'

export type Parking<Holder> = {
  /** Places that nobody takes. */
  readonly freeCount: () => number
  readonly isParked: (holder: Holder) => boolean
  /** What `wait` comes to. Throws StepError `too_many_waiting` (retryable) when PARKED_RUN_COUNT_MAX wait already. */
  readonly park: <Result>(holder: Holder, wait: () => Promise<Result>) => Promise<Result>
  /** The holder is none any more, whether it waits or not. */
  readonly forget: (holder: Holder) => void
}

/** @param freed called when there may be a free place for something new */
export const createParking = <Holder>(
  placeCount: number,
  holders: { readonly size: number },
  freed: () => void,
): Parking<Holder> => {
  /** By holder, how many of its actions wait. */
  const parked = new Map<Holder, number>()
  const returning: (() => void)[] = []
  const freeCount = () => placeCount - (holders.size - parked.size)

  const admit = () => {
    while (returning.length > 0 && freeCount() > 0) returning.shift()?.()
    freed()
  }

  const leave = (holder: Holder) => {
    const count = parked.get(holder) ?? 0
    if (count > 1) parked.set(holder, count - 1)
    else parked.delete(holder)
  }

  const untilThereIsRoom = (holder: Holder): Promise<void> =>
    new Promise((resolve) => {
      returning.push(() => {
        leave(holder)
        resolve()
      })
      admit()
    })

  return {
    freeCount,
    isParked: (holder) => parked.has(holder),
    park: async (holder, wait) => {
      if (parked.size >= PARKED_RUN_COUNT_MAX && !parked.has(holder)) throw tooManyWaiting()
      parked.set(holder, (parked.get(holder) ?? 0) + 1)
      admit()
      try {
        const result = await wait()
        await untilThereIsRoom(holder)
        return result
      } catch (error) {
        leave(holder)
        throw error
      }
    },
    forget: (holder) => {
      parked.delete(holder)
      admit()
    },
  }
}

const tooManyWaiting = (): StepError =>
  new StepError('too_many_waiting', `${PARKED_RUN_COUNT_MAX} runs wait for other runs, as many as may`, {
    retryable: true,
  })
