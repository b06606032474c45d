import { expect, test } from 'vitest'
import { type TopicKind, topicKinds } from '../../projects/group.ts'
import { plainHeldOut } from '../../testing/statements/held-out-plain.ts'
import { variedHeldOut } from '../../testing/statements/held-out-varied.ts'
import type { LabelledStatement } from '../../testing/statements/labelled.ts'
import { furtherTuning } from '../../testing/statements/tuning-further.ts'
import { plainTuning } from '../../testing/statements/tuning-plain.ts'
import { variedTuning } from '../../testing/statements/tuning-varied.ts'
import { kindOf } from './kinds.ts'

const typed = new Set<TopicKind>(topicKinds.filter((kind) => kind !== 'identity'))
const coreAndGeneral = new Set<TopicKind>(['identity', 'fact'])
const heldOut = [...plainHeldOut, ...variedHeldOut]
const tuning = [...plainTuning, ...variedTuning, ...furtherTuning]

const accuracy = (
  statements: readonly LabelledStatement[],
  isRight: (statement: LabelledStatement) => boolean,
) => statements.filter(isRight).length / statements.length

const isTyped = ({ text, kind }: LabelledStatement) => kindOf(text, typed) === kind
const isSplit = ({ text, isIdentity }: LabelledStatement) =>
  (kindOf(text, coreAndGeneral) === 'identity') === isIdentity

test('of plain statements the rules were not written by, 98 of 100 find their kind, and all are told apart by identity', () => {
  expect(plainHeldOut.length).toBeGreaterThanOrEqual(150)
  expect(accuracy(plainHeldOut, isTyped)).toBeGreaterThanOrEqual(0.98)
  expect(accuracy(plainHeldOut, isSplit)).toBe(1)
})

test('of statements of all sorts, 94 of 100 find their kind, and 97 are told apart by identity', () => {
  expect(variedHeldOut.length).toBeGreaterThanOrEqual(100)
  expect(accuracy(variedHeldOut, isTyped)).toBeGreaterThanOrEqual(0.94)
  expect(accuracy(variedHeldOut, isSplit)).toBeGreaterThanOrEqual(0.97)
})

test('no kind is told well only because it is frequent', () => {
  for (const kind of typed) {
    const own = heldOut.filter((statement) => statement.kind === kind)
    expect(own.length).toBeGreaterThan(30)
    expect(accuracy(own, isTyped)).toBeGreaterThan(0.9)
  }
  const own = heldOut.filter(({ isIdentity }) => isIdentity)
  expect(own.length).toBeGreaterThan(40)
  expect(accuracy(own, isSplit)).toBeGreaterThan(0.9)
})

test('every statement the rules were written by is told right', () => {
  expect(tuning.length).toBeGreaterThan(400)
  expect(tuning.filter((statement) => !isTyped(statement) || !isSplit(statement))).toEqual([])
})

test('the lists share no statement', () => {
  const texts = [...heldOut, ...tuning].map(({ text }) => text.toLowerCase())
  expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([])
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
