import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { startPeer } from '../../../../sdk/src/testing/peer.ts'
import { startTestApp } from '../../testing/test-app.ts'
import { useCommandLine } from '../testing/command-line.ts'

const { run, folder } = useCommandLine()

const makeStore = async (): Promise<string> => {
  const dataDir = join(folder(), '.remanence')
  await using app = await startTestApp({ dataDir })
  await app.finished(await app.add('Mara keeps bees.'))
  return dataDir
}

test('doctor checks the store in the working folder and says what holds', async () => {
  await makeStore()
  const { exitCode, out, err } = await run(['doctor'])
  expect([exitCode, err]).toEqual([0, ''])
  expect(out).toMatch(/^ok {4}The database file is whole\.\n(ok {4}.+\n){20,}$/)
})

test('doctor ends with 1 and names what is wrong, also as JSON', async () => {
  const dataDir = await makeStore()
  const database = new DatabaseSync(join(dataDir, 'remanence.db'))
  database.exec('UPDATE project_queues SET depth = 3')
  database.close()
  const plain = await run(['doctor', '--data-dir', dataDir])
  expect(plain.exitCode).toBe(1)
  expect(plain.out).toMatch(
    /^WRONG A project counts the runs.*\(queue_counts_open_runs\)\n {8}project_id .*depth 3, open 0$/m,
  )
  expect(plain.err).toMatch(/1 of \d+ checks found something wrong/)
  const { exitCode, out } = await run(['doctor', '--json'])
  expect(exitCode).toBe(1)
  expect(JSON.parse(out)).toMatchObject({ healthy: false })
})

test('doctor shows its progress on a terminal', async () => {
  const dataDir = await makeStore()
  const { err } = await run(['doctor', '--data-dir', dataDir], { isTerminal: true })
  expect(err).toMatch(/\[#+\] 100 %/)
})

test('doctor without a store here asks the server', async () => {
  const checks = [{ check: 'c', sentence: 'It holds.', wrong_count: 0, examples: [] }]
  await using peer = await startPeer(() => ({ body: { healthy: true, checks } }))
  expect(await run(['doctor'], { peer })).toMatchObject({ exitCode: 0, out: 'ok    It holds.\n' })
  expect(peer.received[0]).toMatchObject({ method: 'GET', url: '/v1/doctor' })
})

test('doctor of a directory without a store says so', async () => {
  const { exitCode, err } = await run(['doctor', '--data-dir', 'nothing'])
  expect(exitCode).toBe(1)
  expect(err).toContain('There is no database')
})
