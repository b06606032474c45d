/** What a query finds among the memories of somebody: those it is about, and not those it is not about. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { goMemoryClient } from '../../testing/gomemory-client.ts'
import { startTestApp } from '../../testing/test-app.ts'
import { conversationQuery } from './conversation-query.ts'

const app = await startTestApp()
afterAll(app.stop)
const client = goMemoryClient(app)

const contents = [
  ...[
    'My dog is called Rex.',
    'I love sushi.',
    'I am learning the cello.',
    'My project Apollo is written in Rust.',
  ],
  ...['I went to Paris last summer with my sister.', 'I am allergic to peanuts.', 'I prefer tea to coffee.'],
  ...[
    'We have a meeting with Novartis every Monday.',
    'My favourite colour is green.',
    'I play chess on Thursdays.',
  ],
  ...[
    'The deadline for the Apollo release is in May.',
    'I broke my arm when I was ten.',
    'I drive a blue Volvo.',
  ],
  ...['My sister Clara lives in Rome.', 'I hate loud music.', 'I can speak French and Italian.'],
  ...[
    'I want to visit Japan next year.',
    'I read a lot of science fiction.',
    'My rent is 3.5 thousand euros.',
  ],
]
beforeAll(async () => {
  const messages = contents.map((content) => ({ role: 'user', content }))
  await client.finished((await client.addMemory('u', messages)).req_id)
})

const find = async (given: Parameters<typeof client.getMemory>[1]) =>
  (await client.getMemory('u', { core: false, ...given })).map(({ memory_text }) =>
    memory_text.slice('User: '.length),
  )

test.each([
  ['What is the name of my dog?', 'My dog is called Rex.'],
  ['When did I go to Paris?', 'I went to Paris last summer with my sister.'],
  ['Am I allergic to anything?', 'I am allergic to peanuts.'],
  ['When is the meeting with Novartis?', 'We have a meeting with Novartis every Monday.'],
  ['tea or coffee', 'I prefer tea to coffee.'],
  ['Where does Clara live?', 'My sister Clara lives in Rome.'],
  ['What car do I drive?', 'I drive a blue Volvo.'],
  ['When is the release deadline?', 'The deadline for the Apollo release is in May.'],
  ['How high is my rent?', 'My rent is 3.5 thousand euros.'],
  ['Shall I practise the cello today?', 'I am learning the cello.'],
])('at the default, %s finds what it is about alone', async (query, expected) => {
  expect(await find({ query })).toEqual([expected])
})

test.each([
  'What is the capital of France?',
  'How do I boil eggs?',
  'Write a Python function that sorts a list of integers',
  'Explain recursion',
  'Tell me a joke',
])('at the default, %s finds nothing', async (query) => {
  expect(await find({ query })).toEqual([])
})

test('the threshold: near 0 whatever shares a word, at 1 the best alone, above it nothing', async () => {
  const query = 'Which language is the project Apollo written in?'
  const best = 'My project Apollo is written in Rust.'
  expect(await find({ query, threshold: 1 })).toEqual([best])
  expect(await find({ query })).toEqual([best])
  expect(await find({ query, threshold: 0.01 })).toEqual([
    best,
    'The deadline for the Apollo release is in May.',
  ])
  expect(await find({ query, threshold: 1.1 })).toEqual([])
  expect(await find({ query, threshold: 0 })).toEqual(await find({ query, threshold: 0.65 }))
})

test('a conversation finds what its end is about', async () => {
  const messages = [
    { role: 'user', content: 'I had a long day at work and a quarrel with my colleague about the budget.' },
    { role: 'model', content: 'That sounds exhausting. What would help you to unwind this evening?' },
    { role: 'user', content: 'Maybe a walk with the dog, and some science fiction afterwards.' },
  ]
  expect((await find({ messages })).sort()).toEqual([
    'I read a lot of science fiction.',
    'My dog is called Rex.',
  ])
})

describe('from messages to a query', () => {
  const queryOf = (...given: readonly string[]) =>
    conversationQuery(given.map((content) => ({ role: 'user', content })))

  test('a dot inside a number ends no sentence, and an unfinished end is kept', () => {
    expect(queryOf('My rent is 3.5 thousand euros. I live in Berlin')).toBe(
      'My rent is 3.5 thousand euros. I live in Berlin',
    )
    expect(queryOf('See example.com/a.b now! Ok')).toBe('See example.com/a.b now! Ok')
  })

  test('sentences of a message are one line, messages are lines, oldest first', () => {
    expect(queryOf('One.  Two!\nThree?', '', 'Four')).toBe('One. Two! Three?\nFour')
  })

  test('the newest sentences are taken until they come to five hundred characters', () => {
    const long = `Word ${'word '.repeat(90)}end.`
    expect(queryOf('Too old.', `Not taken. ${long}`, `${'x'.repeat(60)}.`)).toBe(
      `${long}\n${'x'.repeat(60)}.`,
    )
    expect(queryOf('Old.', 'y'.repeat(800))).toBe('y'.repeat(800))
    expect(queryOf('z'.repeat(20_000))).toHaveLength(10_000)
    expect(queryOf('', ' ')).toBe('')
  })
})
