import { describe, expect, test } from 'vitest'
import { TERM_LENGTH_MAX } from '../kernel/limits.ts'
import { analyse } from './analyse.ts'

/** Whether a search for `query` meets a statement: some term is common. */
const meets = (statement: string, query: string): boolean => {
  const terms = new Set(analyse(statement))
  return analyse(query).some((term) => terms.has(term))
}

describe('English', () => {
  test('drops stop words, keeps order and repeats', () => {
    expect(analyse('The cat and the dog and another cat')).toEqual(['cat', 'dog', 'anoth', 'cat'])
  })

  test.each([
    ['I went hiking', 'go on hikes'],
    ['She bought two knives', 'buying a knife'],
    ["Ada's brother", 'Ada'],
    ["O'Brien called", 'brien'],
    ['a long-term plan', 'long term'],
    ['I sent an e-mail', 'email'],
    ['it cost 1,000 euros', '1000'],
  ])('"%s" is found by "%s"', (statement, query) => expect(meets(statement, query)).toBe(true))

  test('function words and contractions say nothing, but names in capitals do', () => {
    expect(analyse("I don't know who they're with, don’t I?")).toEqual(['know'])
    expect(analyse('the WHO')).toEqual(['who'])
  })
})

describe('identifiers', () => {
  test.each([
    ['user_id', ['user_id', 'user', 'id']],
    ['parseBody', ['parsebodi', 'pars', 'bodi']],
    ['src/main.ts', ['src/main.ts', 'main.ts', 'src', 'main', 'ts']],
    ['1.2.0', ['1.2.0', '1', '2', '0']],
    ['ada@example.org', ['ada@example.org', 'example.org', 'ada', 'exampl', 'org']],
    ['C++ or C#', ['c++', 'c', 'c#', 'c']],
    ['10km', ['10km', '10', 'km']],
  ])('%s gives itself and its parts', (text, terms) => expect(analyse(text)).toEqual(terms))

  test('a term has a bound', () => {
    expect(analyse('x'.repeat(1_000))).toEqual(['x'.repeat(TERM_LENGTH_MAX)])
  })
})

describe('other scripts', () => {
  test.each([
    ['Café in Łódź', 'cafe lodz'],
    ['Die Straße', 'STRASSE'],
    ['Ｆｕｌｌ ｗｉｄｔｈ', 'full'],
    ['гуляю по Москве', 'Москва'],
    ['зелёная ёлка', 'елка'],
    ['我喜欢吃苹果', '苹果'],
    ['我有一只猫', '猫'],
    ['東京タワーへ行きました', '東京'],
    ['서울에서 살아요', '서울'],
    ['ฉันชอบแมวมาก', 'แมว'],
    ['أُحِبُّ القَهْوَة', 'القهوة'],
    ['Pizza 🍕 tonight', '🍕'],
    ['مرحبا C3PO', 'c3po'],
  ])('"%s" is found by "%s"', (statement, query) => expect(meets(statement, query)).toBe(true))

  test.each([
    ['мой дом', 'йод'],
    ['我喜欢吃苹果', '香蕉'],
    ['ฉันชอบแมว', 'สุนัข'],
  ])('"%s" is not found by "%s"', (statement, query) => expect(meets(statement, query)).toBe(false))
})

test('nothing gives nothing', () => {
  expect(analyse('')).toEqual([])
  expect(analyse(' … !? — ')).toEqual([])
})
