/** Secrets are used and nowhere told: not in what is stored, but where they are kept, not in the log, and not to the model. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { startMcpServer } from '../testing/mcp-server.ts'
import { type Reply, startReceiver } from '../testing/receiver.ts'
import { httpStep, runOf } from '../testing/tool-factories.ts'
import { openWorkingScene, type WorkingScene } from '../testing/working-scene.ts'
import type { Webhook } from '../webhooks/webhook.ts'

const secret = 'sk-live/+?&="quoted" 7'
/** At none of the three places in a longer text has its Base64 one of these pieces for another reason. */
const base64Pieces = [0, 1, 2].map((offset) =>
  Buffer.from(`${'x'.repeat(offset)}${secret}`)
    .toString('base64')
    .slice(4, 20),
)
const traces = [
  secret,
  'sk-live',
  JSON.stringify(secret).slice(1, -1),
  'sk%2Dlive',
  '%2F%2B%3F',
  ...base64Pieces,
]

const expectUntold = (text: string) => {
  for (const trace of traces) expect(text).not.toContain(trace)
}

/** All rows of all tables but the one that keeps them. */
const storedIn = ({ dataDir }: WorkingScene): string => {
  const db = new DatabaseSync(join(dataDir, 'remanence.db'), { readOnly: true })
  try {
    const tables = db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'secrets'")
      .all()
    return tables
      .flatMap(({ name }) => db.prepare(`SELECT * FROM "${name}"`).all())
      .map((row) =>
        Object.values(row)
          .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString() : String(value)))
          .join('\t'),
      )
      .join('\n')
  } finally {
    db.close()
  }
}

const open = async (answers: Parameters<typeof openWorkingScene>[0] = {}) => {
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
  const scene = await openWorkingScene({
    log,
    limits: { retryBaseMs: 1, retryMaxMs: 1, runFailureCountMax: 2 },
    ...answers,
  })
  await scene.putSecret('KEY', secret)
  const webhook: Webhook = {
    ...{
      webhookId: scene.dependencies().ids.next(),
      runId: null,
      url: 'http://127.0.0.1:9/',
      description: '',
      events: ['*'],
    },
    ...{
      userId: null,
      userKey: null,
      tags: [],
      secret: 'whsec_aaaa',
      previousSecret: null,
      previousSecretUntil: null,
    },
    ...{ disabledAt: null, disabledReason: null, createdAt: scene.clock.now(), updatedAt: scene.clock.now() },
  }
  await scene.project.webhooks.create({ webhook, countMax: 1 })
  return { scene, lines }
}

/** A server that tells all it was sent, in every form. */
const echo = async (reply: (told: string) => Reply) =>
  startReceiver(({ path, headers, body }) => {
    const all = `${path} ${headers.authorization} ${body} ${JSON.stringify(headers)}`
    return reply(
      JSON.stringify({
        all,
        [all]: 1,
        base64: Buffer.from(`me:${secret}`).toString('base64'),
        url: encodeURIComponent(secret),
      }),
    )
  })

const request = {
  headers: { authorization: 'Bearer {{secrets.KEY}}', 'x-key': '{{secrets.KEY}}' },
  query: { key: '{{secrets.KEY}}' },
  body: { key: '{{secrets.KEY}}', text: 'my {{secrets.KEY}}' },
}

const replies: readonly (readonly [string, (told: string) => Reply, string])[] = [
  ['works', (body) => ({ status: 200, body }), 'completed'],
  ['refuses', (body) => ({ status: 403, body }), 'failed'],
  ['is out of order', (body) => ({ status: 500, body }), 'failed'],
  ['hangs up', () => 'drop', 'failed'],
  ['redirects', (body) => ({ status: 307, body, headers: { location: 'http://127.0.0.2:1/' } }), 'failed'],
]

test.each(replies)('a server that %s may tell all it knows', async (_how, reply, state) => {
  await using receiver = await echo(reply)
  const { scene, lines } = await open()
  await using _scene = scene
  await scene.putTool({
    ...{
      toolId: 'tool',
      parameters: { type: 'object' },
      steps: [httpStep('one', { url: `${receiver.url}/{{secrets.KEY}}`, ...request })],
    },
  })
  const runId = await scene.startTool('tool')
  const run = await scene.until(runId, ({ completedAt }) => {
    scene.clock.advance(1)
    return completedAt !== null
  })
  expect(run.state).toBe(state)
  const [received] = receiver.received
  expect(received?.headers.authorization).toBe(`Bearer ${secret}`)
  expect(decodeURIComponent(received?.path ?? '')).toContain(secret)
  const stored = storedIn(scene)
  expect(stored).toContain(runId)
  expect(stored).toContain('run.completed'.replace('completed', state))
  expectUntold(stored)
  expectUntold(lines.join('\n'))
  expectUntold(JSON.stringify([run, await scene.project.listEvents({ runId, after: 0, limit: 100 })]))
})

test('nor does an MCP server`s saying it make it known', async () => {
  await using server = await startMcpServer({
    call: () => ({
      content: [{ type: 'text', text: `key ${secret}` }],
      structuredContent: { [secret]: secret },
    }),
  })
  const { scene, lines } = await open()
  await using _scene = scene
  const action = {
    type: 'mcp',
    ...{ name: 'shop', description: '', url: server.url, tools: null },
    headers: { authorization: 'Bearer {{secrets.KEY}}' },
  } as const
  const run = await runOf(scene, {
    steps: [{ name: 'one', action, mcpTool: 'echo', arguments: { text: 'hello' } }],
  })
  expect(run).toMatchObject({
    result: { output: { text: 'key [secret]', data: { '[secret]': '[secret]' } } },
  })
  expect(server.asked.every(({ headers }) => headers.authorization === `Bearer ${secret}`)).toBe(true)
  expectUntold(storedIn(scene))
  expectUntold(lines.join('\n'))
})

test('the model that calls the action is not told', async () => {
  await using receiver = await echo((body) => ({ status: 200, body }))
  const { scene } = await open({
    answers: [{ toolCalls: [{ name: 'call_one', arguments: { q: '{{secrets.KEY}}' } }] }, 'done'],
  })
  await using _scene = scene
  const { action } = httpStep('one', { url: receiver.url, ...request, query: { q: '{{args.q}}' } }, { q: '' })
  await scene.putAgent({ agentId: 'agent', actions: [action] })
  const run = await scene.ended(await scene.startAgent('agent'))
  expect(run).toMatchObject({ result: { finalOutput: 'done' } })
  expect(new URL(receiver.received[0]?.path ?? '', receiver.url).searchParams.get('q')).toBe(
    '{{secrets.KEY}}',
  )
  expect(scene.provider.requests).toHaveLength(2)
  expectUntold(JSON.stringify(scene.provider.requests.map(({ body }) => body)))
  expectUntold(storedIn(scene))
})
