/** Case and gender endings of nouns and adjectives; the other languages in Cyrillic letters share most of them. */
const endings =
  /(?:иями|ями|ами|его|ого|ему|ому|ыми|ими|иях|ях|ах|ов|ев|ей|ой|ий|ый|ая|яя|ое|ее|ые|ие|ую|юю|ия|ью|ом|ем|ам|ям|ым|им|их|ых|[аеийоуыьюя])$/

/** A lower-case word without its ending, so that the forms of one word meet; at least three letters stay. */
export const stemRussian = (word: string): string => {
  const stem = word.replace(endings, '')
  return stem.length >= 3 ? stem : word
}
