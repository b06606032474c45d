import { expect, test } from 'vitest'
import type { Topic } from '../../projects/group.ts'
import { templates } from '../../projects/templates.ts'
import { routerFor } from './route.ts'

const topic = (name: string, description: string, members: Partial<Topic> = {}): Topic => ({
  ...{ name, description, isBounded: false, scoping: { userScoped: true, scopeProperties: [] } },
  ...members,
})

test('without kinds the most shared words decide, the first in doubt', () => {
  const route = routerFor([topic('Food', 'meals, dishes, taste'), topic('Work', 'jobs and the office')])
  expect(route('user: The office is cold.')).toEqual(['Work'])
  expect(route('user: I sing.')).toEqual(['Food'])
})

test('who somebody is goes apart from the rest', () => {
  const route = routerFor(templates['core-and-general'].topics)
  expect(route("user: I'm Anna and I live in Graz.")).toEqual(['Core'])
  expect(route('user: My dog is called Rex.')).toEqual(['General'])
})

test('five kinds, whatever their topics are called', () => {
  const names = templates.typed.topics.map(({ name }) => name)
  const route = routerFor(templates.typed.topics)
  const renamed = routerFor(templates.typed.topics.map((one, index) => ({ ...one, name: `t${index}` })))
  for (const text of [
    'user: My car is blue.',
    'user: I love sushi.',
    'user: I went to Rome.',
    "user: I'm sad.",
    'user: The exam is on Monday.',
  ]) {
    expect(renamed(text)).toEqual(route(text).map((name) => `t${names.indexOf(name)}`))
  }
  expect(route('user: The exam is on Monday.')).toEqual(['TemporalEvents'])
})

test('what is of no kind is shared by words among topics of facts and those without a kind', () => {
  const route = routerFor([
    topic('Likes', '', { kind: 'preference' }),
    topic('Facts', '', { kind: 'fact' }),
    topic('Allergies', 'what somebody is allergic to'),
    topic('Digest', '', { isBounded: true }),
  ])
  expect(route('user: I love sushi.')).toEqual(['Likes', 'Digest'])
  expect(route("user: I'm allergic to nuts.")).toEqual(['Allergies', 'Digest'])
  expect(route('user: My car is blue.')).toEqual(['Facts', 'Digest'])
})

test('where no topic fits, each is as good as another', () => {
  const route = routerFor([
    topic('Likes', '', { kind: 'preference' }),
    topic('Felt', '', { kind: 'emotion' }),
  ])
  expect(route('user: My car is blue.')).toEqual(['Likes'])
})
