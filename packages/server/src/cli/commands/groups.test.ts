import { expect, test } from 'vitest'
import { startPeer } from '../../../../sdk/src/testing/peer.ts'
import { useCommandLine } from '../testing/command-line.ts'

const { run } = useCommandLine()

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
