import { expect, test } from 'vitest'
import { openAgentScene } from '../testing/agent-scene.ts'

const conversationId = 'the garden'

test('a conversation is told from its beginning, oldest first', async () => {
  await using scene = await openAgentScene({ answers: ['Hello Mara.', 'Bees.', 'In Graz.'] })
  await scene.answer('I am Mara.', { conversationId })
  await scene.answer('What do I keep?', { conversationId })
  await scene.answer('Where?', { conversationId })
  expect(scene.messages(2).slice(1)).toEqual([
    { role: 'user', content: 'I am Mara.' },
    { role: 'assistant', content: 'Hello Mara.' },
    { role: 'user', content: 'What do I keep?' },
    { role: 'assistant', content: 'Bees.' },
    { role: 'user', content: 'Where?' },
  ])
})

test('neither other users, other agents nor other conversations are told, whatever they are called', async () => {
  await using scene = await openAgentScene({ answers: () => 'Yes.' })
  const agent = { agentId: 'another' }
  await scene.answer('I am Mara and nobody must know.', { conversationId, userId: 'mara' })
  await scene.answer('I am nobody.', { conversationId, userId: null })
  await scene.answer('You are another.', { conversationId, agent })
  await scene.answer('This is elsewhere.', { conversationId: 'the house' })
  await scene.answer('This is nowhere.')
  await scene.answer('Who am I?', { conversationId })
  expect(scene.messages(5).slice(1)).toEqual([{ role: 'user', content: 'Who am I?' }])
  await scene.answer('And I?', { conversationId, userId: null })
  expect(scene.messages(6).slice(1)).toEqual([
    { role: 'user', content: 'I am nobody.' },
    { role: 'assistant', content: 'Yes.' },
    { role: 'user', content: 'And I?' },
  ])
  await scene.answer('Still nowhere?')
  expect(scene.messages(7)).toHaveLength(2)
})

test('runs that failed, and those that came later, are no part of what was said before', async () => {
  await using scene = await openAgentScene({
    answers: [{ status: 401 }, { status: 503 }, 'Later.', 'Earlier.'],
  })
  await scene.answer('This fails.', { conversationId })
  const waiting = await scene.answer('This waits.', { conversationId })
  await scene.answer('This is later.', { conversationId })
  expect((await scene.again()).runId).toBe(waiting.runId)
  expect(scene.messages(3).slice(1)).toEqual([{ role: 'user', content: 'This waits.' }])
})

test('an agent without the memory of conversations is told the message only', async () => {
  await using scene = await openAgentScene({ answers: () => 'Yes.' })
  await scene.answer('I am Mara.', { conversationId })
  await scene.answer('Who am I?', { conversationId, agent: { conversationMemory: false } })
  expect(scene.messages(1).slice(1)).toEqual([{ role: 'user', content: 'Who am I?' }])
})

test('of a long conversation the newest is told, whole runs of it', async () => {
  await using scene = await openAgentScene({ answers: () => 'y'.repeat(30_000) })
  for (let n = 0; n < 8; n++) await scene.answer(`${n}`.repeat(10_000), { conversationId })
  await scene.answer('How long?', { conversationId })
  const told = scene.messages(8).slice(1)
  expect(told).toHaveLength(11)
  expect(told.filter(({ role }) => role === 'user').map(({ content }) => String(content)[0])).toEqual([
    ...['3', '4', '5', '6', '7', 'H'],
  ])
})

test('of very many runs the newest hundred are told', async () => {
  await using scene = await openAgentScene({ answers: (_request, index) => `answer ${index}` })
  for (let n = 0; n < 103; n++) await scene.answer(`message ${n}`, { conversationId })
  await scene.answer('How many?', { conversationId })
  const told = scene.messages(103).slice(1)
  expect(told).toHaveLength(201)
  expect(told[0]).toEqual({ role: 'user', content: 'message 3' })
}, 60_000)
