/** Secrets in all the forms a server may send them back in. */
import { expect, test } from 'vitest'
import { createSecretMask } from './secret-mask.ts'

const secret = 'sk/9+a?Zä "Q"&<7>=='
const mask = createSecretMask([secret, 'pin4', '12345'])

const base64 = (text: string) => Buffer.from(text).toString('base64')
const hex = Buffer.from(secret).toString('hex')

test.each([
  secret,
  JSON.stringify({ a: secret }),
  encodeURIComponent(secret),
  encodeURIComponent(secret).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
  encodeURIComponent(encodeURIComponent(secret)),
  new URLSearchParams({ q: secret }).toString(),
  hex,
  hex.toUpperCase(),
  base64(secret),
  base64(`user:${secret}`),
  base64(`a:${secret} and more`),
  base64(`ab:${secret}`),
  Buffer.from(`x${secret}`).toString('base64url'),
  'sk/9+a?Zä &quot;Q&quot;&amp;&lt;7&gt;==',
])('%s is masked', (text) => {
  const masked = mask.text(`before ${text} after`)
  expect(masked).toContain('[secret]')
  expect(masked).toMatch(/^before .* after$/)
  expect(masked).not.toContain(text)
})

test('values are masked in depth, with names and numbers', () => {
  const value = { [secret]: [{ pin4: 'a pin4 b' }, 12345, 7, null, true], other: 'kept' }
  expect(mask.value(value)).toEqual({
    '[secret]': [{ '[secret]': 'a [secret] b' }, '[secret]', 7, null, true],
    other: 'kept',
  })
})

test('of a text that was cut off, the beginning of a secret goes too', () => {
  expect(mask.cutText(`text sk/9+a?`)).toBe('text ')
  expect(mask.cutText(`text ${base64(`user:${secret}`).slice(0, 18)}`)).not.toContain('c2svOS')
  expect(mask.cutText('text')).toBe('text')
})

test('without secrets nothing changes, and an empty one is none', () => {
  expect(createSecretMask([]).value({ a: 'b' })).toEqual({ a: 'b' })
  expect(createSecretMask(['']).text('abc')).toBe('abc')
})
