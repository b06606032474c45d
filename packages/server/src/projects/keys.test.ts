import { expect, test } from 'vitest'
import { hashSecret, newSecret, prefixOf } from './keys.ts'

test('secrets are long, random and told by their first letters', () => {
  const secrets = Array.from({ length: 100 }, newSecret)
  expect(new Set(secrets).size).toBe(100)
  for (const secret of secrets) expect(secret).toMatch(/^rem_[\w-]{43}$/)
})

test('a prefix never gives away more than half of a key, and no more than twelve characters', () => {
  expect(prefixOf('rem_0123456789abcdef0123456789')).toBe('rem_01234567')
  expect(prefixOf('short')).toBe('sh')
  expect(prefixOf('')).toBe('')
})

test('what is kept of a key is its SHA-256', () => {
  expect(hashSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})
