/**
 * The whole of Remanence in a few seconds: starts a server of its own in a temporary folder, hands in a conversation,
 * follows the run as it happens, asks some questions, and cleans up. `npm run demo`
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Message, Remanence, type Run } from '@remanence/sdk'

const userId = 'mara'

const conversation: readonly Message[] = [
  {
    role: 'user',
    name: 'Mara',
    content: 'Hi Jonas! We finally moved to Graz last week.',
    createdAt: '2026-03-02T18:04:00Z',
  },
  {
    role: 'user',
    name: 'Jonas',
    content: 'Congratulations! Is there room for your beehives?',
    createdAt: '2026-03-02T18:05:00Z',
  },
  {
    role: 'user',
    name: 'Mara',
    content: 'Yes, I keep four hives behind the house now.',
    createdAt: '2026-03-02T18:06:00Z',
  },
  {
    role: 'user',
    name: 'Jonas',
    content: 'My daughter is allergic to honey, so I will visit without her.',
    createdAt: '2026-03-02T18:07:00Z',
  },
  {
    role: 'user',
    name: 'Mara',
    content: 'Come in June, my sister Lena plays the cello at the summer festival.',
    createdAt: '2026-03-02T18:08:00Z',
  },
]

const questions = [
  'Where does Mara live?',
  'How many hives does she keep?',
  'Who plays an instrument?',
  'Who is allergic to honey?',
]

const demo = async (client: Remanence): Promise<void> => {
  heading(`A conversation of ${conversation.length} messages is handed in`)
  const startedAt = performance.now()
  const { runId } = await client.memories.add(conversation, { userId, idempotencyKey: 'demo-1' })
  console.log(`  stored durably as run ${runId} after ${elapsed(startedAt)}`)

  heading('The run, as it happens')
  for await (const event of client.runs.follow(runId)) {
    console.log(`  ${event.at.slice(11, 23)}  ${event.type}  ${event.data.step ?? ''}`.trimEnd())
  }
  const run = await client.runs.get(runId)
  console.log(`  ${summary(run)}, ${elapsed(startedAt)} after the request`)
  if (run.state !== 'completed') throw new Error(`the run ended ${run.state}: ${run.error}`)

  heading('What is remembered')
  for await (const memory of client.memories.list({ userId })) console.log(`  - ${memory.content}`)

  heading('What is found')
  for (const question of questions) {
    const askedAt = performance.now()
    const [best] = (await client.memories.search(question, { userId, limit: 1 })).memories
    if (!best) throw new Error(`nothing was found for ${JSON.stringify(question)}`)
    console.log(`  ${question}\n    ${best.content}  (${elapsed(askedAt)})`)
  }

  heading('The same request once more')
  const again = await client.memories.add(conversation, { userId, idempotencyKey: 'demo-1' })
  if (!again.replayed || again.runId !== runId) throw new Error('the repeated request made another run')
  console.log('  is answered with the same run: nothing is done twice')
}

const summary = ({ counts }: Run): string =>
  `${counts.created} memories created, ${counts.updated} updated, ${counts.deleted} deleted`

const heading = (text: string): void => console.log(`\n${text}`)

const elapsed = (since: number): string => `${(performance.now() - since).toFixed(1)} ms`

/** A server on a free port, with a key and a data folder of its own and none of the caller's settings. */
const startServer = async (
  folder: string,
  apiKey: string,
): Promise<{ server: ChildProcess; baseUrl: string }> => {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('REMANENCE_'))
  const server = spawn(
    fileURLToPath(new URL('../bin/remanence', import.meta.url)),
    ['serve', '--port', '0', '--data-dir', join(folder, 'data')],
    {
      cwd: folder,
      env: { ...Object.fromEntries(inherited), REMANENCE_API_KEY: apiKey },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  for await (const line of createInterface(server.stdout)) {
    const [, baseUrl] = /^remanence listening on (\S+)$/.exec(line) ?? []
    if (baseUrl !== undefined) return { server, baseUrl }
  }
  throw new Error('the server did not start')
}

const folder = await mkdtemp(join(tmpdir(), 'remanence-demo-'))
let server: ChildProcess | undefined
try {
  const startedAt = performance.now()
  const apiKey = `rem_demo_${crypto.randomUUID()}`
  const started = await startServer(folder, apiKey)
  server = started.server
  console.log(`A server listens on ${started.baseUrl}, ${elapsed(startedAt)} after its start`)
  await demo(new Remanence({ baseUrl: started.baseUrl, apiKey }))
} catch (error) {
  console.error(`\nThe demo failed: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
} finally {
  if (server && server.exitCode === null) {
    server.kill('SIGTERM')
    const [exitCode] = await once(server, 'exit')
    if (exitCode !== 0) process.exitCode = 1
  }
  await rm(folder, { recursive: true, force: true })
}
