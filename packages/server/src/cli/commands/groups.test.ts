import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startPeer } from '../../../../sdk/src/testing/peer.ts'
import { useCommandLine } from '../testing/command-line.ts'

const { folder, run } = useCommandLine()

const scoping = { user_scoped: true, scope_properties: ['conversation_id'] }
const topic = { topic_name: 'Summary', description: 'What it is\nabout.', is_bounded: true, scoping }
const group = { group_id: 'g1', name: 'default', scoping, topics: [topic] }

test('groups lists groups with what they are scoped by', async () => {
  await using peer = await startPeer(() => ({ body: { groups: [group] } }))
  const [, line] = (await run(['groups'], { peer })).out.split('\n')
  expect(line).toBe('default  user, conversation_id  Summary')
})

test('groups show lists the topics of the group named', async () => {
  await using peer = await startPeer(() => ({ body: group }))
  const [, line] = (await run(['groups', 'show', 'a b'], { peer })).out.split('\n')
  expect(line).toBe('Summary  user, conversation_id  one       What it is about.')
  expect(peer.received[0]?.url).toBe('/v1/groups/by-name?name=a+b')
})

const changed = { ...group, name: 'support', version: 2, pipeline: { steps: [] } }

test('groups put sends what a file holds, as the API or as the command line spells it', async () => {
  await using peer = await startPeer(() => ({ body: changed }))
  const steps = [{ name: 'wait', type: 'buffer', trigger: { age_seconds: 60 } }]
  const shown = JSON.stringify({
    groupId: 'g1',
    name: 'default',
    version: 7,
    scoping: { userScoped: true, scopeProperties: [] },
    topics: [{ topicName: 'T', description: '', isBounded: true, scoping: { userScoped: true } }],
  })
  writeFileSync(join(folder(), 'group.json'), JSON.stringify({ topics: [topic], pipeline: { steps } }))
  expect(await run(['groups', 'put', 'support', '--file', 'group.json'], { peer })).toMatchObject({
    exitCode: 0,
    out: 'group support is at version 2, with Summary\n',
  })
  await run(['groups', 'put', 'support', '--file', '-'], { peer, input: shown })
  await run(['groups', 'put', 'support', '--template', 'personalization'], { peer })
  expect(peer.received.map(({ method, url, body }) => [method, url, body])).toEqual([
    ['PUT', '/v1/groups/support', { topics: [topic], pipeline: { steps } }],
    [
      'PUT',
      '/v1/groups/support',
      { topics: [{ topic_name: 'T', description: '', is_bounded: true, scoping: { user_scoped: true } }] },
    ],
    ['PUT', '/v1/groups/support', { template: 'personalization' }],
  ])
})

test.each([
  [[], 'either --file or --template'],
  [['--file', 'x.json', '--template', 't'], 'either --file or --template'],
  [['--file', 'nowhere.json'], 'there is no such file'],
  [['--file', 'broken.json'], 'is not valid JSON'],
  [['--file', 'list.json'], 'holds no group'],
])('groups put %j is refused, and nothing is sent', async (args, sentence) => {
  await using peer = await startPeer(() => ({ body: changed }))
  writeFileSync(join(folder(), 'broken.json'), '{"topics":')
  writeFileSync(join(folder(), 'list.json'), '[]')
  const { exitCode, err } = await run(['groups', 'put', 'support', ...args], { peer })
  expect([exitCode, err]).toEqual([2, expect.stringContaining(sentence)])
  expect(peer.received).toEqual([])
})

test('groups put-topic and delete-topic change one topic', async () => {
  await using peer = await startPeer(({ method }) => (method === 'PUT' ? { body: changed } : { status: 204 }))
  const describing = [
    '--description',
    'What was ordered.',
    '--bounded',
    '--property',
    'day',
    '--property',
    'shop',
  ]
  const put = await run(['groups', 'put-topic', 'a b', 'Orders', ...describing], { peer })
  expect(put.out).toBe('group support is at version 2, with Summary\n')
  await run(
    ['groups', 'put-topic', 'a b', 'News', '--description', '', '--project-wide', '--kind', 'episode'],
    { peer },
  )
  const removed = await run(['groups', 'delete-topic', 'a b', 'Orders'], { peer })
  expect(removed.out).toBe('topic Orders is removed from group a b\n')
  expect(peer.received.map(({ method, url, body }) => [method, url, body])).toEqual([
    [
      'PUT',
      '/v1/groups/a%20b/topics/Orders',
      {
        description: 'What was ordered.',
        is_bounded: true,
        scoping: { user_scoped: true, scope_properties: ['day', 'shop'] },
      },
    ],
    [
      'PUT',
      '/v1/groups/a%20b/topics/News',
      {
        description: '',
        is_bounded: false,
        scoping: { user_scoped: false, scope_properties: [] },
        kind: 'episode',
      },
    ],
    ['DELETE', '/v1/groups/a%20b/topics/Orders', undefined],
  ])
  expect((await run(['groups', 'put-topic', 'a', 'b'], { peer })).exitCode).toBe(2)
  const unknown = ['--description', '', '--kind', 'mood']
  expect((await run(['groups', 'put-topic', 'a', 'b', ...unknown], { peer })).exitCode).toBe(2)
})

test('groups delete deletes the group named, and tells why it cannot', async () => {
  await using peer = await startPeer((_, index) =>
    index === 0
      ? { status: 204 }
      : { status: 409, body: { code: 'conflict', detail: 'The group holds memories.' } },
  )
  expect((await run(['groups', 'delete', 'old'], { peer })).out).toBe('group old is deleted\n')
  expect(peer.received[0]).toMatchObject({ method: 'DELETE', url: '/v1/groups/old' })
  expect(await run(['groups', 'delete', 'old', '--json'], { peer })).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('holds memories'),
  })
})
