import { expect, test } from 'vitest'
import { type TopicKind, topicKinds } from '../../projects/group.ts'
import { heldOutStatements } from '../../testing/held-out-statements.ts'
import { type LabelledStatement, tuningStatements } from '../../testing/labelled-statements.ts'
import { kindOf } from './kinds.ts'

const typed = new Set<TopicKind>(topicKinds.filter((kind) => kind !== 'identity'))
const coreAndGeneral = new Set<TopicKind>(['identity', 'fact'])

/** The part of the statements that are told right; a statement of each kind is missed by whoever always says the same. */
const accuracy = (
  statements: readonly LabelledStatement[],
  isRight: (statement: LabelledStatement) => boolean,
) => statements.filter(isRight).length / statements.length

const isTyped = ({ text, kind }: LabelledStatement) => kindOf(text, typed) === kind
const isSplit = ({ text, isIdentity }: LabelledStatement) =>
  (kindOf(text, coreAndGeneral) === 'identity') === isIdentity

test('on the list the rules were not written by, five kinds are told apart in 98 of 100, and identity in all', () => {
  expect(heldOutStatements.length).toBeGreaterThanOrEqual(150)
  expect(accuracy(heldOutStatements, isTyped)).toBeGreaterThanOrEqual(0.975)
  expect(accuracy(heldOutStatements, isSplit)).toBeGreaterThanOrEqual(0.99)
})

test('no kind is told well only because it is frequent', () => {
  for (const kind of typed) {
    const own = heldOutStatements.filter((statement) => statement.kind === kind)
    expect(own.length).toBeGreaterThan(20)
    expect(accuracy(own, isTyped)).toBeGreaterThan(0.9)
  }
  const own = heldOutStatements.filter(({ isIdentity }) => isIdentity)
  expect(accuracy(own, isSplit)).toBeGreaterThan(0.9)
})

test('every statement the rules were written by is told right', () => {
  expect(tuningStatements.filter((statement) => !isTyped(statement) || !isSplit(statement))).toEqual([])
})

test.each([
  ['user: Ich heiße Anna und wohne in Graz.', 'identity'],
  ["user: Je m'appelle Luc.", 'identity'],
  ['user: Me llamo Ana y vivo en Quito.', 'identity'],
  ['user: Meine Schwester wohnt in Rom.', 'fact'],
  ['tool get_weather: I live in Graz.', 'fact'],
  ['', 'fact'],
] as const)('%s', (text, kind) => {
  expect(kindOf(text, coreAndGeneral)).toBe(kind)
})

test('only kinds that are asked for are answered', () => {
  const statement = 'user: I love sushi.'
  expect(kindOf(statement, new Set(['episode', 'fact']))).toBe('fact')
  expect(kindOf(statement, new Set(['preference']))).toBe('preference')
})
