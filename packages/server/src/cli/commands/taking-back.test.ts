/** `remanence history`, `edit`, `runs undo`, `runs commit`, `add --dry-run` and `search --as-of`. */
import { expect, test } from 'vitest'
import { startPeer } from '../../../../sdk/src/testing/peer.ts'
import { useCommandLine } from '../testing/command-line.ts'
import { ended, peerWithRun } from '../testing/runs.ts'

const { run } = useCommandLine()

const version = (number: number, over: object = {}) => ({
  ...{
    version: number,
    kind: 'update',
    content: `text\n${number}`,
    run_id: `r${number}`,
    input_type: 'string',
  },
  ...{ created_at: '2026-11-01T08:55:00.000Z', sources: [], restores: null, undone_by: null, ...over },
})

test('history shows a line for each version, over the pages, and as many as are wanted', async () => {
  await using peer = await startPeer(({ url }) =>
    url.includes('cursor')
      ? { body: { versions: [version(1, { kind: 'create', undone_by: 'r9' })], next_cursor: null } }
      : {
          body: {
            versions: [version(3, { kind: 'delete', content: null, input_type: null }), version(2)],
            next_cursor: 'c',
          },
        },
  )
  const { out, exitCode } = await run(['history', 'm1', '--user', 'mara'], { peer })
  expect(exitCode).toBe(0)
  expect(out.split('\n').map((line) => line.trimEnd().split(/ {2,}/))).toEqual([
    ['VERSION', 'CHANGE', 'BY', 'WHEN', 'RUN', 'CONTENT'],
    ['3', 'delete', '?', '5 min ago', 'r3'],
    ['2', 'update', 'string', '5 min ago', 'r2', 'text 2'],
    ['1', 'create, undone', 'string', '5 min ago', 'r1', 'text 1'],
    [''],
  ])
  expect(peer.received[0]?.url).toBe('/v1/memories/m1/history?user_id=mara&limit=20')
  const json = await run(['history', 'm1', '--limit', '2', '--json'], { peer })
  expect(
    json.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).version),
  ).toEqual([3, 2])
})

test('edit sends the text and shows the memory', async () => {
  await using peer = await startPeer(() => ({ body: { id: 'm1', content: 'Mara keeps geese.', version: 3 } }))
  const args = ['edit', 'm1', 'Mara keeps geese.', '--user', 'mara', '--group', 'g', '--expect-version', '2']
  expect(await run(args, { peer })).toMatchObject({ exitCode: 0, out: 'Mara keeps geese.  version 3\n' })
  expect(peer.received[0]).toMatchObject({
    ...{ method: 'PATCH', url: '/v1/memories/m1?user_id=mara&group=g' },
    body: { content: 'Mara keeps geese.', expected_version: 2 },
  })
  expect(JSON.parse((await run([...args, '--json'], { peer })).out)).toMatchObject({ version: 3 })
  expect((await run(['edit', 'm1'], { peer })).exitCode).toBe(2)
})

test('an edit of what has moved is told of, with code 1', async () => {
  const problem = { status: 409, title: 'x', detail: 'Memory m1 is at version 3.', code: 'conflict' }
  await using peer = await startPeer(() => ({ status: 409, body: problem }))
  expect(await run(['edit', 'm1', 'x'], { peer })).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('Memory m1 is at version 3.'),
  })
})

const undone = (over: object = {}) => ({
  ...ended('completed'),
  input_type: 'undo',
  counts: { ...ended('completed').counts, created: 0, deleted: 1 },
  result: {
    operations: [
      { kind: 'delete', memory_id: 'm1', topic: 't', previous_content: 'Mara keeps\nbees.', version: 1 },
      {
        kind: 'update',
        memory_id: 'm2',
        topic: 't',
        content: 'Mara sails.',
        previous_content: 'x',
        version: 2,
      },
    ],
    operation_count: 2,
    conflicts: [
      { memory_id: 'm3', kind: 'delete', reason: 'said_again', forced: false },
      { memory_id: 'm4', kind: 'delete', reason: 'changed', forced: true },
    ],
    conflict_count: 5,
  },
  ...over,
})

test('undo waits for its end, and shows what was done and what stood in the way', async () => {
  await using peer = await startPeer(() => ({ body: undone() }))
  const { out, exitCode } = await run(['runs', 'undo', 'r7', '--force'], { peer })
  expect(exitCode).toBe(0)
  expect(out).toBe(
    [
      'completed: -1, conflicts 5  r1',
      '  - Mara keeps bees.',
      '  ~ Mara sails.',
      '  ! m3  said again',
      '  ! m4  changed, taken back by force',
      '  and 3 more',
      '',
    ].join('\n'),
  )
  expect(peer.received[0]).toMatchObject({ url: '/v1/runs/r7/undo', body: { force: true } })
  await run(['runs', 'undo', 'r7', '--dry-run'], { peer })
  expect(peer.received.at(-2)).toMatchObject({ body: { dry_run: true } })
  expect(JSON.parse((await run(['runs', 'undo', 'r7', '--json'], { peer })).out)).toMatchObject({
    result: { conflictCount: 5 },
  })
})

test('commit says what came of it', async () => {
  await using peer = await startPeer(() => ({ body: undone({ outcome: 'committed' }) }))
  expect(await run(['runs', 'commit', 'r1'], { peer })).toMatchObject({
    exitCode: 0,
    out: 'r1  committed: -1\n',
  })
  expect(peer.received[0]).toMatchObject({ method: 'POST', url: '/v1/runs/r1/commit', body: {} })
})

test('a dry run shows what it would commit', async () => {
  const planned = undone({
    outcome: 'planned',
    result: { operations: [{ kind: 'create', content: 'Mara rows.' }], operation_count: 1 },
  })
  await using peer = await startPeer((request) =>
    request.url.startsWith('/v1/runs/') && !request.url.includes('/events')
      ? { body: planned }
      : peerWithRun('completed')(request),
  )
  const { out } = await run(['add', 'Mara rows.', '--user', 'mara', '--dry-run', '--wait'], { peer })
  expect(out).toBe('completed: 1 planned  r1\n  + Mara rows.\n')
  expect(peer.received[0]?.body).toMatchObject({ dry_run: true })
})

test('a search of the past names the time', async () => {
  await using peer = await startPeer(() => ({ body: { memories: [], total: 0, retrieval: {} } }))
  await run(['search', 'bees', '--as-of', '2026-11-01T08:00:00Z'], { peer })
  expect(peer.received[0]?.body).toMatchObject({ as_of: '2026-11-01T08:00:00Z' })
})
