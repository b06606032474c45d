import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startPeer } from '../../../sdk/src/testing/peer.ts'
import { useCommandLine } from './testing/command-line.ts'

const { folder, run } = useCommandLine()

test('every command has a help with examples', async () => {
  for (const command of ['serve', 'config', 'add', 'search', 'runs', 'watch', 'groups', 'keys', 'webhooks']) {
    const { exitCode, out } = await run([command, '--help'])
    expect([exitCode, out]).toEqual([
      0,
      expect.stringMatching(/Usage: remanence[\s\S]*--json[\s\S]*Examples:\n {2}/),
    ])
  }
})

test.each([
  [['serch', 'x']],
  [['search']],
  [['search', 'x', '--limit', '0']],
  [['add']],
  [['add', '--nope']],
  [[]],
])('misuse %j exits with 2 and says so on standard error only', async (args) => {
  const { exitCode, out, err } = await run(args)
  expect([exitCode, out]).toEqual([2, ''])
  expect(err).not.toBe('')
})

test('mistakes of the configuration are each a sentence, and exit with 2', async () => {
  const env = { REMANENCE_PORT: 'x', REMANENCE_LOG_LEVEL: 'y' }
  const { exitCode, err } = await run(['config'], { env })
  expect(exitCode).toBe(2)
  expect(err.match(/^remanence: (port|logLevel) is /gm)).toHaveLength(2)
})

test('config shows values, where they come from, and warnings', async () => {
  const { out, err } = await run(['config', '--port', '80'], { env: { REMANENCE_PROT: '1' } })
  expect(out).toMatch(/^port +80 +--port$/m)
  expect(out).toMatch(/^host +127\.0\.0\.1 +default$/m)
  expect(err).toContain('did you mean REMANENCE_PORT?')
})

test('a problem is one sentence with its code, and a line for each detail', async () => {
  const errors = [{ location: 'body.query', message: 'too long', value: '' }]
  await using peer = await startPeer(() => ({
    status: 422,
    body: { detail: 'no such topic', code: 'unknown_topic', errors },
  }))
  const { exitCode, err } = await run(['search', 'x'], { peer })
  expect([exitCode, err]).toEqual([1, 'remanence: no such topic (unknown_topic)\n  body.query: too long\n'])
})

test('a server that does not answer is said so with a hint', async () => {
  const { exitCode, err } = await run(['runs', '--url', 'http://127.0.0.1:1'])
  expect(exitCode).toBe(1)
  expect(err).toMatch(/^remanence: no connection to http:\/\/127\.0\.0\.1:1: .+\nis it running\?/)
})

test('the key is that of the option, the environment, or the key file, which only a local server gets', async () => {
  await using peer = await startPeer(() => ({ body: { groups: [] } }))
  mkdirSync(join(folder(), '.remanence'))
  writeFileSync(join(folder(), '.remanence', 'key'), 'rem_from_file\n')
  await run(['groups'], { peer })
  await run(['groups'], { peer, env: { REMANENCE_API_KEY: 'rem_from_env' } })
  await run(['groups', '--api-key', 'rem_from_option'], { peer, env: { REMANENCE_API_KEY: 'rem_from_env' } })
  const foreign = peer.url.replace('127.0.0.1', '0.0.0.0') // reaches the peer, but is not an address of this machine
  await run(['groups', '--url', foreign])
  const sent = peer.received.map((request) => request.headers.authorization)
  expect(sent).toEqual(['Bearer rem_from_file', 'Bearer rem_from_env', 'Bearer rem_from_option', undefined])
})
