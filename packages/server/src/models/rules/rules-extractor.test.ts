import { describe, expect, test } from 'vitest'
import { STATEMENT_COUNT_MAX, STATEMENT_LENGTH_MAX, TEXT_LENGTH_MAX } from '../../kernel/limits.ts'
import type { Topic } from '../../projects/group.ts'
import type { Message } from '../../runs/input.ts'
import type { Passage, Statement } from '../model.ts'
import { rulesExtractor } from './rules-extractor.ts'

const topicOf = (name: string, description = '', isBounded = false): Topic => ({
  name,
  description,
  isBounded,
  scoping: { userScoped: true, scopeProperties: [] },
})
const { signal } = new AbortController()
const facts = [topicOf('facts')]

const extract = (passage: Passage, topics: readonly Topic[] = facts): Promise<readonly Statement[]> =>
  rulesExtractor.extract({ passage, topics, signal })
const fromText = async (text: string): Promise<readonly string[]> =>
  (await extract({ type: 'text', text, saidAt: 0 })).map(({ content }) => content)
const fromTalk = (...messages: readonly Message[]): Promise<readonly Statement[]> =>
  extract({ type: 'conversation', messages, saidAt: 7 })
const user = (content: string): Message => ({ role: 'user', content })
const assistant = (content: string): Message => ({ role: 'assistant', content })

describe('what says nothing gives no statement', () => {
  test.each([
    'ok',
    '👍👍',
    'Hello!',
    'How are you?',
    'Wow, that’s great!',
    'Haha',
    'Thanks! <3 :)',
    'Sounds good!',
    'Congrats!',
    'Thank you so much!',
    'Good morning, Anna!',
    'Danke!',
    'Merci beaucoup !',
    '¡Gracias!',
    'Спасибо!',
    '谢谢！',
    'ありがとうございます！',
    'شكرا!',
    'What can I cook for dinner?',
    'how do I install node',
    '...',
    '',
  ])('%s', async (text) => {
    expect(await fromText(text)).toEqual([])
  })
})

describe('what says something is kept', () => {
  test.each([
    'Graz',
    'I got the job!',
    'I have a son.',
    'I have a hat.',
    'Ja, ich mag Käse.',
    'No, Berlin.',
    'We use Postgres.',
    'The Hobbit is great, but have you read the other one?',
    'No, I never eat meat.',
    'My dog died.',
    'Happy birthday, Anna!',
    'TODO: buy milk',
    '3.14',
    'a@b.org',
    'What I really like is sushi.',
    'My son Leo is 5, is he too young for skiing?',
    'Como soy vegano, ¿qué puedo cocinar?',
    'Weißt du, dass ich Vegetarierin bin?',
    '我对花生过敏，我可以吃这个吗？',
    'Do you remember when we went to Paris last May?',
    'ฉันชื่อสมชาย',
  ])('%s', async (text) => {
    expect(await fromText(text)).toEqual([text])
  })
})

test('what leans on a sentence is joined to it, what stands alone is not', async () => {
  const text =
    'We moved to Graz. It is a calm town. So happy! I like tea. This week I am in Rome. But I miss Graz.'
  expect(await fromText(text)).toEqual([
    'We moved to Graz. It is a calm town. So happy!',
    'I like tea.',
    'This week I am in Rome.',
    'But I miss Graz.',
  ])
})

test('a pronoun beyond doubt stands alone, with whom it means', async () => {
  expect(
    await fromText('Anna moved to Graz. She works as a nurse. Her brother Ben met Carl. He is late.'),
  ).toEqual([
    'Anna moved to Graz.',
    'She [Anna] works as a nurse.',
    "Her [Anna's] brother Ben met Carl. He is late.",
  ])
})

test('an answer of a word carries its question, a longer one has it as context', async () => {
  const statements = await fromTalk(
    assistant('Are you vegan?'),
    user('Yes.'),
    assistant('Where do you live?'),
    user('I live in Graz.'),
  )
  expect(statements.map(({ content, context }) => [content, context])).toEqual([
    ['User: Yes. [asked: Are you vegan?]', 'Are you vegan?'],
    ['User: I live in Graz.', 'Where do you live?'],
  ])
})

test('a statement is as old as its message, else as the conversation', async () => {
  const statements = await fromTalk({ ...user('I live in Graz.'), createdAt: 5 }, user('I like tea.'))
  expect(statements.map(({ message, saidAt }) => [message, saidAt])).toEqual([
    [0, 5],
    [1, 7],
  ])
})

test('tools are named by their call; a call says nothing itself', async () => {
  const called: Message = {
    ...assistant(''),
    toolCalls: [
      { id: 'c1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Graz"}' } },
    ],
  }
  const statements = await fromTalk(called, {
    role: 'tool',
    content: '{"city":"Graz","sky":"clear"}',
    toolCallId: 'c1',
  })
  expect(statements.map(({ content }) => content)).toEqual(['Tool get_weather: city: Graz, sky: clear'])
})

test('each statement goes to the topic that shares most words with it, and to every bounded one', async () => {
  const topics = [
    topicOf('preferences', 'What the user likes'),
    topicOf('work', 'Jobs, bosses, reports'),
    topicOf('profile', '', true),
  ]
  const statements = await extract(
    { type: 'text', text: 'My boss wants the report. I live in Graz.', saidAt: 0 },
    topics,
  )
  expect(statements.map(({ topic, content }) => [topic, content])).toEqual([
    ['work', 'My boss wants the report.'],
    ['profile', 'My boss wants the report.'],
    ['preferences', 'I live in Graz.'],
    ['profile', 'I live in Graz.'],
  ])
  expect(await extract({ type: 'text', text: 'I live in Graz.', saidAt: 0 }, topics.slice(2))).toMatchObject([
    { topic: 'profile' },
  ])
})

test('an aborted run stops', async () => {
  const aborted = AbortSignal.abort(new Error('stop'))
  await expect(
    rulesExtractor.extract({
      passage: { type: 'text', text: 'I live in Graz.', saidAt: 0 },
      topics: facts,
      signal: aborted,
    }),
  ).rejects.toThrow('stop')
})

describe('any input of the greatest length is read in bounded time, into statements within their bounds', () => {
  test.each([
    'a',
    '.',
    '?! ',
    '(',
    '[',
    '[a: b] ',
    '```\n',
    '- a1\n',
    '  - x1\n',
    '# x1\n',
    'x1\n',
    'Graz,',
    'User: a1?\n',
    '[[',
    '{"a":',
    'Dr. ',
    'It is x. ',
    '我',
    '😀',
    ' ',
    "I'm ",
  ])('%j', { timeout: 5_000 }, async (piece) => {
    const text = piece
      .repeat(Math.ceil(TEXT_LENGTH_MAX / piece.length))
      .slice(0, TEXT_LENGTH_MAX)
      .toWellFormed()
    for (const message of [user(text), { role: 'tool', content: text } as const]) {
      const statements = await fromTalk(message)
      expect(statements.length).toBeLessThanOrEqual(STATEMENT_COUNT_MAX)
      for (const { content, context = '' } of statements) {
        expect(content.length).toBeLessThanOrEqual(STATEMENT_LENGTH_MAX)
        expect(context.length).toBeLessThanOrEqual(300)
        expect(content.isWellFormed() && context.isWellFormed()).toBe(true)
      }
    }
  })
})

test('too many statements are put together, none is lost', async () => {
  const messages = Array.from({ length: 1_000 }, (_, index) => user(`I saw house ${index}. `.repeat(8)))
  const statements = await fromTalk(...messages)
  expect(statements.length).toBeLessThanOrEqual(STATEMENT_COUNT_MAX)
  expect(
    statements
      .map(({ content }) => content)
      .join(' ')
      .match(/house \d+/g),
  ).toHaveLength(8_000)
})
