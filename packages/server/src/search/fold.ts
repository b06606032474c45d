/** Characters that differ only in looks become one: compatibility forms, typographic quotes and dashes, accents. */

export const isAscii = (text: string): boolean => !/\P{ASCII}/u.test(text)

/** Compatibility forms, quotes and dashes made plain; case and accents stay. */
export const foldPunctuation = (text: string): string =>
  isAscii(text)
    ? text
    : text
        .normalize('NFKC')
        .replace(/[\u2018-\u201b\u02bc\u2032\u00b4]/g, "'")
        .replace(/[\u201c-\u201f\u00ab\u00bb\u2033\u300c-\u300f]/g, '"')
        .replace(/[\u2010-\u2015\u2212]/g, '-')

/** Letters that are joined or carry a stroke, so that decomposition leaves them alone, and variants of Arabic letters. */
const plainLetters: Readonly<Record<string, string>> = Object.fromEntries(
  'ß ss,æ ae,œ oe,ø o,đ d,ð d,ł l,ı i,þ th,ё е,أ ا,إ ا,آ ا,ى ي,ة ه'.split(',').map((pair) => pair.split(' ')),
)

/**
 * As foldPunctuation, and takes away the marks a writer may leave out: accents of Latin and Greek letters, vowel points of Arabic and Hebrew.
 * Marks that make another letter (Cyrillic й, Japanese が) or the vowel of a syllable (Thai, Devanagari) stay. So does case.
 */
export const fold = (text: string): string =>
  isAscii(text)
    ? text
    : foldPunctuation(text)
        .normalize('NFD')
        .replace(/([\p{Script=Latin}\p{Script=Greek}])\p{Mn}+/gu, '$1')
        .replace(/[\u0591-\u05c7\u0640\u064b-\u0652\u0670]/g, '')
        .normalize('NFC')
        .replace(/[ßæœøđðłıþёأإآىة]/gi, (letter) => plainLetters[letter.toLowerCase()] ?? letter)
