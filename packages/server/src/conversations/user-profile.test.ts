import { expect, test } from 'vitest'
import type { Memory } from '../memories/memory.ts'
import { profileOf } from './user-profile.ts'

const memory = (content: string, updatedAt: number): Memory => ({
  ...{
    memoryId: content,
    userId: 'ada',
    groupName: 'g',
    content,
    version: 1,
    createdAt: updatedAt,
    updatedAt,
  },
  ...{ scope: { groupId: 'g', topic: 'Facts', userKey: 'ada', properties: {} }, sources: [] },
})
const profile = (...contents: readonly string[]) => profileOf(contents.map((one, at) => memory(one, at)))
const attributes = (...contents: readonly string[]) =>
  Object.fromEntries(
    Object.entries(profile(...contents)?.attributes ?? {}).map(([name, { value }]) => [name, value]),
  )

test('attributes are what the user says of themself, the latest of several', () => {
  expect(
    attributes(
      'User: My name is Ada Lovelace and I live in Graz.',
      "User: I'm 36 years old.",
      'User: I work as a structural engineer at Siemens.',
      'User: I moved to Vienna.',
      'User: My birthday is on 10 December.',
      'User: My email is ada@example.org.',
      "User: I'm married.",
    ),
  ).toEqual({
    name: 'Ada Lovelace',
    location: 'Vienna',
    age: '36',
    occupation: 'structural engineer',
    employer: 'Siemens',
    birthday: '10 December',
    email: 'ada@example.org',
    marital_status: 'married',
  })
})

test('what is of others, or of nobody, makes no profile', () => {
  expect(profile('User: My sister lives in Rome.', 'User: I like sushi.')).toBeNull()
  expect(profile('Assistant: I work as a helper.', 'User: Always answer in German.')).toBeNull()
  expect(profile()).toBeNull()
})

test('the overview is the statements that tell who the user is', () => {
  expect(profile('User: I like sushi.', 'User: I live in Graz.', 'User: I am a nurse.')).toMatchObject({
    overview: 'User: I live in Graz.\nUser: I am a nurse.',
    updatedAt: 2,
  })
})
