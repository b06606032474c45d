import { expect, test } from 'vitest'
import { sentencesOf } from './sentences.ts'

test.each([
  ['I met Dr. Smith. He left.', 2],
  ['It is 3.14, see v2.3.1 or fig. 3 or e.g. Anna. Next one.', 2],
  ['The U.S. Army came at 5 p.m. to Jan. 3 street.', 1],
  ['He left at 5 p.m. The rest stayed.', 2],
  ['We grow apples, pears, etc. and sell them. We also bake.', 2],
  ['Open https://example.com/a.b?c=d or mail a.b@c.org. Done now.', 2],
  ['She said “Stop. Go home.” and left. I stayed.', 2],
  ['Am 3. Oktober war z. B. Anna bei Hr. Maier. Dann kam Ben.', 2],
  ['Le Dr. Martin est là. M. Dupont aussi.', 2],
  ['Я живу в г. Москва с 2015 г. У меня есть кот.', 2],
  ['i moved. i like it. my dog too', 3],
  ['你好。我喜欢茶！', 2],
  ['मैं दिल्ली में हूँ। मैं खुश हूँ।', 2],
  ['“Really?” she asked. He left.', 2],
  ['hi! how are you? i am fine', 3],
])('%s', (text, count) => {
  const sentences = sentencesOf(text)
  expect(sentences).toHaveLength(count)
  expect(sentences.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''))
})
