/**
 * First steps with the SDK: adds a conversation, waits for its run, and asks a question.
 *
 *     npm start                                                                    # in another terminal
 *     REMANENCE_API_KEY=$(cat .remanence/key) node_modules/.bin/node examples/quick-start.ts
 */
import { Remanence } from '@remanence/sdk'

const client = new Remanence({
  baseUrl: process.env.REMANENCE_URL,
  apiKey: process.env.REMANENCE_API_KEY,
})
const userId = 'lena'

const { runId } = await client.memories.add(
  [
    { role: 'user', name: 'Lena', content: 'I moved to Graz in March.' },
    { role: 'assistant', content: 'How do you get to work?' },
    { role: 'user', name: 'Lena', content: 'I ride my red bicycle along the river.' },
  ],
  { userId, idempotencyKey: 'quick-start-1' },
)
const { state, counts } = await client.runs.wait(runId)
console.log(`${state}: ${counts.created} created, ${counts.updated} updated`)

console.log('Remembered:')
for await (const memory of client.memories.list({ userId })) console.log(`- ${memory.content}`)

const question = 'What colour is her bicycle?'
const { memories } = await client.memories.search(question, { userId, limit: 1 })
console.log(`${question}\n- ${memories[0]?.content}`)
