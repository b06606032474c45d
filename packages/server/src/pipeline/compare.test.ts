import { describe, expect, test } from 'vitest'
import { compare } from './compare.ts'

describe('duplicate: the known one says it all', () => {
  test.each([
    ['Mara keeps bees.', 'Mara keeps bees in Graz since 2020.'],
    ['Mara keeps bees.', 'mara keeps bees'],
    ["User: I'm vegan.", 'I am vegan!'],
    ['I moved to Graz in March.', 'In March, I moved to Graz.'],
    ['I flew from Graz to Rome.', 'I flew to Rome from Graz.'],
    ['The meeting with Ben is on May 3.', 'The meeting with Ben is on May 3 at 10.'],
    ['Ich wohne in Graz.', 'Ich wohne in Graz seit 2020.'],
    ['I ran a race.', 'I ran a race last Saturday.'],
    ['I live in Graz. I have a cat.', 'I have a cat. I live in Graz.'],
    ['Anna loves Ben.', 'Anna loves Ben and Carl.'],
    ['我住在北京。', '我住在北京'],
    ['Run this:\n```\na = b\n```', 'Run  this:\n```\na = b\n```'],
    ['I keep bees in Graz.', 'User: I keep bees in Graz'],
    ['I don’t eat meat.', 'I do not eat meat!'],
    ['Mara really likes the old town.', 'Mara likes old town'],
  ])('%s <> %s', (candidate, existing) => {
    expect(compare(candidate, existing)).toBe('duplicate')
  })
})

describe('extends: the known one is repeated and something added', () => {
  test.each([
    ['Mara keeps bees in Graz since 2020.', 'Mara keeps bees.'],
    ['Anna moved to Graz. She is a nurse.', 'Anna moved to Graz.'],
    ['Anna sold her car to Ben.', 'Anna sold her car.'],
    ['I moved to Graz in May.', 'I moved to Graz.'],
  ])('%s <> %s', (candidate, existing) => {
    expect(compare(candidate, existing)).toBe('extends')
  })
})

describe('different: kept apart', () => {
  test.each([
    ['Anna stole the car.', 'According to Ben, Anna stole the car.'],
    ['Mara: [photo: a dog on a red couch]', 'Mara: [photo: a dog on a red couch with a cat]'],
    ['Mara likes tea.', "Mara doesn't like tea."],
    ['I can swim.', "I can't swim."],
    ['Anna called Ben.', 'Ben called Anna.'],
    ['I flew from Graz to Rome.', 'I flew from Rome to Graz.'],
    ['I have a dog.', 'I have two dogs.'],
    ['I have a dog.', 'I have dogs.'],
    ['I have a dog.', 'I have a dog allergy.'],
    ['I like apples.', 'I like apple pie.'],
    ['I live in Graz.', 'I lived in Graz.'],
    ['I live in Graz.', 'I live in Vienna.'],
    ['Anna: I like tea a lot.', 'Ben: I like tea a lot.'],
    ['User: I like green tea.', 'Assistant: I like green tea.'],
    ['I worked at Google in 2019 and at Apple in 2020.', 'I worked at Google in 2020.'],
    ['I eat meat.', 'I eat meat only on Sundays.'],
    ['I eat meat.', 'I never eat meat.'],
    ["Anna's brother keeps bees.", 'Anna keeps bees.'],
    ['Anna keeps bees in Graz.', "Anna's brother keeps bees in Graz."],
    ['I work in IT in Graz.', 'I work in it in Graz.'],
    ['The temperature is -5 °C.', 'The temperature is 5 °C.'],
    ['x < 3 holds always', 'x > 3 holds always'],
    ['Anna and Ben moved to Graz.', 'Ben moved to Graz.'],
    ['I think Anna moved to Graz.', 'Anna moved to Graz.'],
    ['I want to move to Graz.', 'I move to Graz.'],
    ['If it rains, I take the bus.', 'I take the bus.'],
    ['I take the bus.', 'I take the bus if it rains.'],
    ['It was great fun with Anna.', 'I saw Heat. It was great fun with Anna.'],
    ['Does Anna live in Graz?', 'Anna does live in Graz.'],
    ['Anna lives in Graz now.', 'Anna lives in Graz now?'],
    ['The meeting is on May 3.', 'The meeting is on May 4.'],
    ['I was born in 1990.', 'I was born in 1991.'],
    ['Mara hat einen Hund.', 'Mara hat keinen Hund.'],
    ['Je ne mange pas de viande.', 'Je mange de viande.'],
    ['User: Yes. [asked: Are you allergic to nuts?]', 'User: No. [asked: Are you allergic to nuts?]'],
    ['User: Yes. [asked: Are you allergic to nuts?]', 'User: Yes. [asked: Are you allergic to milk?]'],
    ['ok', 'ok fine'],
    ['I may visit Anna in Rome.', 'I visit Anna in Rome.'],
    ['My sister Anna lives in Graz.', 'My sister lives in Graz.'],
    ['Ben gave Anna a ring for Christmas.', 'Anna gave Ben a ring for Christmas.'],
    ['I used to smoke a pipe.', 'I smoke a pipe.'],
    ['All my friends like tea.', 'Some of my friends like tea.'],
    ['I drink coffee with milk.', 'I drink coffee without milk.'],
    ['Version 1.2.3 fixes the bug.', 'Version 1.2.4 fixes the bug.'],
    ['I bought 3 apples.', 'I bought 30 apples.'],
    ['She left Graz in May.', 'She left Graz in June.'],
    ['The flat costs $500.', 'The flat costs €500.'],
    ['I am married to Anna.', 'I am married to Anna since May, but we split up.'],
    ['Max is my dog in Graz.', 'Max was my dog in Graz.'],
    ['I stopped eating meat in May.', 'I eat meat in May.'],
    ['I told Anna that Ben moved to Graz.', 'Ben moved to Graz.'],
    ['I told Anna that Ben moved to Graz.', 'I told Anna.'],
    ['I almost bought a house in Graz.', 'I bought a house in Graz.'],
    ['我住在北京。', '我不住在北京。'],
    [
      "Maria: Yeah John, it's super important.",
      "Maria: Yeah John, it's super important to teach kids about veterans.",
    ],
    ['I ran a race with Ben yesterday.', 'I ran a race with Ben yesterday in Graz.'],
    ['Tool get_weather: city: Graz, temp: 21', 'Tool get_weather: city: Graz, temp: 22'],
    ['Run this:\n```\na = b\n```', 'Run this:\n```\nb = a\n```'],
    ['Mara: I keep bees.', 'I keep bees.'],
    ['Anna from Graz called Ben.', 'Anna called Ben from Graz.'],
    ['', 'I live in Graz.'],
    ['👍', '👍'],
  ])('%s <> %s', (candidate, existing) => {
    expect(compare(candidate, existing)).toBe('different')
  })
})

test('what one extends, the other repeats', () => {
  const [short, long] = ['Mara keeps bees.', 'Mara keeps bees in Graz since 2020.']
  expect([compare(long, short), compare(short, long)]).toEqual(['extends', 'duplicate'])
})

test.each(['a', '. ', 'in ', 'A b. ', '(', "I'm ", '我', 'in a1, '])(
  'long statements of %j are compared in bounded time',
  { timeout: 2_000 },
  (piece) => {
    for (const length of [2_000, 100_000]) {
      const text = piece.repeat(Math.ceil(length / piece.length)).slice(0, length)
      expect(['duplicate', 'extends', 'different']).toContain(compare(text, text.slice(1)))
    }
  },
)
