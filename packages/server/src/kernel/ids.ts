import { randomFillSync } from 'node:crypto'
import { v5, v7 } from 'uuid'

/** Identifiers as a dependency, so that tests can count them out. */
export type Ids = {
  /** A fresh UUID version 7 (RFC 9562): unique and ordered by creation time. */
  readonly next: () => string
}

/** Random bytes are drawn for so many ids at once: the call costs more than the bytes. */
const DRAWN_COUNT = 256
const BYTES_PER_ID = 16

/** Ids that no one can guess; those of one millisecond are ordered too. */
export const createRandomIds = (): Ids => {
  const bytes = new Uint8Array(DRAWN_COUNT * BYTES_PER_ID)
  let drawn = DRAWN_COUNT
  let msecs = 0
  let seq = 0
  const draw = (): Uint8Array => {
    if (drawn === DRAWN_COUNT) {
      randomFillSync(bytes)
      drawn = 0
    }
    return bytes.subarray(drawn * BYTES_PER_ID, ++drawn * BYTES_PER_ID)
  }
  return {
    next: () => {
      const random = draw()
      const now = Date.now()
      // Counted from a random number within a millisecond; a clock that is set back does not undo the order.
      if (now > msecs) [msecs, seq] = [now, new DataView(random.buffer, random.byteOffset).getUint32(0) >>> 1]
      else seq++
      return v7({ msecs, seq, random })
    },
  }
}

const namespace = '0f3b8f5e-6c1d-5a55-9d2f-6b1f6f1f7a10'

/** The same parts always give the same UUID version 5 (RFC 9562 §5.5): ids of bounded memories and of runs' outcomes. */
export const deterministicId = (parts: readonly string[]): string => v5(JSON.stringify(parts), namespace)

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Any UUID in the usual text form, whatever its version. */
export const isUuid = (text: string): boolean => uuidPattern.test(text)
