/** What no route may take as its body, by what is wrong with it. */

const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth)
const manyMembers = Array.from({ length: 20_000 }, (_, number) => [`m${number}`, number])

/** Whole bodies. */
export const brokenBodies: Readonly<Record<string, string>> = {
  nothing: '',
  'blank space': ' \n',
  'half an object': '{"input":',
  'no JSON': 'input=x',
  'single quotes': "{'input': 1}",
  'a trailing comma': '{"input": 1,}',
  NaN: '{"input": NaN}',
  'two objects': '{}{}',
  null: 'null',
  'a list': '[]',
  'a text': '"x"',
  'a number': '5',
  'a truth': 'true',
  'ten thousand lists': nested('[', ']', 10_000),
  'ten thousand objects': nested('{"x":', '}', 10_000).replace(':}', ':1}'),
  'lists without end': '['.repeat(500_000),
  'many unknown members': JSON.stringify(Object.fromEntries(manyMembers)),
  'a name of a megabyte': `{"${'x'.repeat(1_000_000)}": 1}`,
}

/** Members that spoil a body which is good without them, in Latin-1: a character is a byte. */
const brokenMembers: Readonly<Record<string, string>> = {
  'bytes that are not UTF-8': '"$schema":"\xff\xfe"',
  'UTF-8 cut short': '"$schema":"\xe2\x82"',
  'an overlong encoding': '"$schema":"\xc0\xaf"',
  'an encoded surrogate': '"$schema":"\xed\xa0\x80"',
  'a raw NUL': '"$schema":"\0"',
  'a raw line end in a text': '"$schema":"\n"',
  'an escaped NUL': '"$schema":"a\\u0000b"',
  'a NUL in a name': '"a\\u0000b":1',
  'a lone surrogate': '"$schema":"\\ud800"',
  'surrogates in the wrong order': '"$schema":"\\udc00\\ud800"',
  'a lone surrogate in a name': '"\\udfff":1',
  'a member __proto__': '"__proto__":{"admin":true}',
  'a nested member __proto__': '"properties":{"__proto__":"x"}',
  'a member constructor': '"constructor":{"prototype":{"admin":true}}',
}

/** The good body, which must be written in ASCII, with each of the members in turn. */
export const spoiltBodies = (good: object): readonly (readonly [what: string, body: Uint8Array])[] =>
  Object.entries(brokenMembers).map(([what, member]) => [
    what,
    new Uint8Array(Buffer.from(`${JSON.stringify(good).slice(0, -1)},${member}}`, 'latin1')),
  ])
