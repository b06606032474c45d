/**
 * Clients that add without a pause over HTTP. One whose connection breaks sends the same add again with the same key until it is
 * answered, or gives up and never knows; now and then one repeats an add that was answered long ago.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ledger } from './ledger.ts'
import { works } from './works.ts'

export type Clients = {
  /** Ends the clients after the adds in hand, which need a server that answers. */
  readonly finish: () => Promise<void>
  /** Why a client stopped before it was told to; null while all is well. */
  readonly failure: () => Error | null
}

const CLIENT_COUNT = 6
const users = ['mara', 'jo', 'ада', 'Zoë', 'user with blanks']
const GIVE_UP_SHARE = 0.2
const REPEAT_SHARE = 0.1
const PAUSE_MS_MAX = 12
const ANSWER_MS_MAX = 20_000

export const startClients = (options: {
  readonly ledger: Ledger
  readonly random: () => number
  readonly apiKey: string
  /** Where the server listens now, or as soon as there is one. */
  readonly url: () => Promise<string>
}): Clients => {
  const { ledger, random, apiKey, url } = options
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item // safety: never empty
  const sent: { key: string; body: string }[] = []
  let count = 0
  let isFinishing = false
  let failure: Error | null = null

  const post = async ({ key, body }: { key: string; body: string }): Promise<void> => {
    const response = await fetch(`${await url()}/v1/memories`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${apiKey}`,
        'idempotency-key': key,
      },
      body,
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    })
    const answer = await response.text()
    if (response.status !== 200)
      throw new UnexpectedAnswer(`an add was answered ${response.status}: ${answer}`)
    ledger.acknowledge(key, (JSON.parse(answer) as { run_id: string }).run_id) // safety: the shape of a 200
  }

  const send = async (request: { key: string; body: string }): Promise<void> => {
    const mayGiveUp = random() < GIVE_UP_SHARE
    for (let isAnswered = false; !isAnswered; ) {
      try {
        await post(request)
        isAnswered = true
      } catch (error) {
        if (error instanceof UnexpectedAnswer) throw error
        if (mayGiveUp) return
      }
    }
  }

  const newRequest = () => {
    const work = pick(works)
    const userId = pick(users)
    const number = ++count
    const key = `key-${number}`
    const tokens = Array.from({ length: work.tokenCount }, (_, index) => `qx${number}z${index}`)
    ledger.open({ key, kind: work.kind, userId, tokens })
    return { key, body: JSON.stringify({ input: work.input(tokens), user_id: userId }) }
  }

  const client = async () => {
    while (!isFinishing) {
      const isRepeating = sent.length > 0 && random() < REPEAT_SHARE
      const request = isRepeating ? pick(sent) : newRequest()
      await send(request)
      sent.push(request)
      await sleep(random() * PAUSE_MS_MAX)
    }
  }

  const working = Array.from({ length: CLIENT_COUNT }, () =>
    client().catch((error: unknown) => {
      failure = error instanceof Error ? error : new Error(String(error))
    }),
  )
  return {
    failure: () => failure,
    finish: async () => {
      isFinishing = true
      await Promise.all(working)
    },
  }
}

/** The server was there and said something that it must not say. */
class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer'
}
