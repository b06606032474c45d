import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type PeerAnswer, type ReceivedRequest, startPeer } from '../../../../sdk/src/testing/peer.ts'
import { useCommandLine } from '../testing/command-line.ts'
import { ended, peerWithRun } from '../testing/runs.ts'

const { folder, run } = useCommandLine()

const agent = {
  id: 'a1',
  name: 'concierge\u001b[2J',
  instructions: 'Answer from what\nyou remember.',
  model: null,
  max_steps: 8,
  actions: [{ type: 'memory_search', name: 'recall', description: 'Searches.', limit: 5 }],
  group: 'default',
  conversation_memory: true,
  status: 'active',
  version: 3,
  created_at: '2026-11-01T08:00:00Z',
  updated_at: '2026-11-01T08:00:00Z',
}

test('agents are listed and shown, and what they say cannot steer the terminal', async () => {
  await using peer = await startPeer(({ url }) => ({
    body: url.includes('/a1') ? agent : { agents: [agent], next_cursor: null },
  }))
  for (const args of [['agents'], ['agents', 'list', '--archived']]) {
    const [, row] = (await run(args, { peer })).out.split('\n')
    expect(row).toMatch(/^a1 +concierge +active +default +default +recall +1 h ago$/)
  }
  expect(peer.received.map(({ url }) => url)).toEqual([
    '/v1/agents?limit=100',
    '/v1/agents?archived=true&limit=100',
  ])
  const { out } = await run(['agents', 'show', 'a1'], { peer })
  expect(out).toMatch(/^instructions +Answer from what you remember\.$/m)
  expect(out).toMatch(/^action +recall \(memory_search\) Searches\.$/m)
  expect(out).not.toContain('\u001b')
})

test('an agent is made from options, from a file, and from what was shown', async () => {
  await using peer = await startPeer(({ method }) => ({
    body: agent,
    ...(method === 'POST' && { status: 201 }),
  }))
  const made = await run(['agents', 'create', 'concierge', '--model', 'm', '--max-steps', '3'], { peer })
  expect([made.out, made.err]).toEqual(['a1\n', 'agent concierge is made\n'])
  const shown = (await run(['agents', 'show', 'a1', '--json'], { peer })).out
  await run(['agents', 'create', 'copy', '--file', '-', '--instructions', 'New.'], { peer, input: shown })
  expect(peer.received.filter(({ method }) => method === 'POST').map(({ body }) => body)).toEqual([
    { name: 'concierge', model: 'm', max_steps: 3 },
    {
      ...{ name: 'copy', instructions: 'New.', model: null, max_steps: 8, actions: agent.actions },
      ...{ group: 'default', conversation_memory: true, status: 'active' },
    },
  ])
})

test('an agent is changed and archived; a change of nothing is refused', async () => {
  await using peer = await startPeer(() => ({ body: agent }))
  writeFileSync(join(folder(), 'agent.json'), JSON.stringify({ id: 'x', max_steps: 2 }))
  const args = ['agents', 'update', 'a1', '--file', 'agent.json', '--name', 'new', '--status', 'inactive']
  expect((await run(args, { peer })).out).toBe('agent a1 is at version 3\n')
  expect((await run(['agents', 'archive', 'a1'], { peer })).out).toBe('agent a1 is archived\n')
  expect(peer.received.map(({ method, url, body }) => [method, url, body])).toEqual([
    ['PATCH', '/v1/agents/a1', { max_steps: 2, name: 'new', status: 'inactive' }],
    ['DELETE', '/v1/agents/a1', undefined],
  ])
  expect(await run(['agents', 'update', 'a1'], { peer })).toMatchObject({ exitCode: 2 })
  writeFileSync(join(folder(), 'agent.json'), '[]')
  expect(await run(['agents', 'update', 'a1', '--file', 'agent.json'], { peer })).toMatchObject({
    exitCode: 2,
  })
})

const answering = (state: string, over: object = {}) => {
  const others = peerWithRun(state, state === 'completed' ? null : 'model call failed: no answer')
  return (request: ReceivedRequest): PeerAnswer =>
    request.method === 'GET' && request.url.startsWith('/v1/agents/a1/runs/')
      ? {
          body: {
            run: ended(state, state === 'completed' ? null : 'model call failed: no answer'),
            ...{ steps_executed: 2, actions_used: 1, tokens_used: 330, credits_used: '0.45' },
            ...{ final_output: null, partial_output: null, stop_reason: 'final_answer', actions: [] },
            ...over,
          },
        }
      : others(request)
}

test('agents run shows the progress and prints the answer alone on standard output', async () => {
  await using peer = await startPeer(
    answering('completed', { final_output: 'Four hives.\n\u001b[2JAnd bees.\n' }),
  )
  const args = [
    'agents',
    'run',
    'a1',
    'How many?',
    '--user',
    'mara',
    '--conversation',
    'c',
    '--max-credits',
    '0.5',
  ]
  const { exitCode, out, err } = await run([...args, '--property', 'trip=rome', '--input', 'tone=a=b'], {
    peer,
  })
  expect([exitCode, out]).toEqual([0, 'Four hives.\nAnd bees.\n'])
  expect(err.split('\n')).toEqual([
    'r1  run.accepted',
    'r1  run.completed  step extract, attempt 2',
    '2 steps, 1 actions, 330 tokens, 0.45 credits',
    '',
  ])
  expect(peer.received[0]).toMatchObject({
    url: '/v1/agents/a1/runs',
    body: {
      ...{ user_message: 'How many?', user_id: 'mara', conversation_id: 'c', max_credits: '0.5' },
      properties: { trip: 'rome' },
      inputs: { tone: 'a=b' },
    },
  })
})

test('agents run brings a webhook along, and shows its secret beside the answer', async () => {
  const webhook = { webhook_id: 'w1', secret: 'whsec_x' }
  await using peer = await startPeer((request) =>
    request.method === 'POST'
      ? { body: { run_id: 'r1', status: 'running', webhook } }
      : answering('completed', { final_output: 'Four hives.' })(request),
  )
  const args = ['agents', 'run', 'a1', 'How many?', '--webhook', 'https://a.example/']
  const { out, err } = await run([...args, '--webhook-event', 'run.failed'], { peer })
  expect([out, err.split('\n')[0]]).toEqual(['Four hives.\n', 'webhook w1, secret whsec_x'])
  expect(peer.received[0]?.body).toMatchObject({
    webhook: { url: 'https://a.example/', events: ['run.failed'] },
  })
  const lost = await run(['agents', 'run', 'a1', 'x', '--webhook-event', 'run.failed'], { peer })
  expect(lost).toMatchObject({ exitCode: 2 })
})

test('a run that fails prints what there was of an answer, and exits with 1', async () => {
  await using peer = await startPeer(answering('failed', { partial_output: 'Half.', stop_reason: 'error' }))
  const { exitCode, out, err } = await run(['agents', 'run', 'a1', '-'], { peer, input: 'How many?\n' })
  expect([exitCode, out]).toEqual([1, 'Half.\n'])
  expect(err).toContain('ended by error')
  expect(err).toContain('run r1 ended failed: model call failed: no answer')
})

test('agents run --no-wait prints the id of the run, and an empty message is refused', async () => {
  await using peer = await startPeer(answering('completed'))
  expect((await run(['agents', 'run', 'a1', 'x', '--no-wait'], { peer })).out).toBe('r1\n')
  expect(await run(['agents', 'run', 'a1', ' '], { peer })).toMatchObject({ exitCode: 2 })
})

test('with --json every command prints one document', async () => {
  await using peer = await startPeer((request) =>
    /\/runs|\/v1\/runs/.test(request.url)
      ? answering('completed')(request)
      : { body: request.url.includes('?') ? { agents: [agent], next_cursor: null } : agent },
  )
  for (const args of [
    ...[[], ['list'], ['show', 'a1'], ['create', 'x'], ['update', 'a1', '--name', 'x'], ['archive', 'a1']],
    ...[
      ['run', 'a1', 'x'],
      ['run', 'a1', 'x', '--no-wait'],
    ],
  ]) {
    const { out } = await run(['--json', 'agents', ...args], { peer })
    expect(() => JSON.parse(out), args.join(' ')).not.toThrow()
    expect(out.trimEnd()).not.toContain('\n')
  }
})
