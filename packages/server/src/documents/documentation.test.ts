/** The examples of docs/documents.md are what comes out. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readFile } from '../testing/document-scene.ts'
import { formats } from './formats/index.ts'

const page = readFileSync(join(import.meta.dirname, '../../../../docs/documents.md'), 'utf8')
const fences = [...page.matchAll(/^(`{3,})(\w+)\n(.*?)\n\1$/gms)].map(([, , language = '', body = '']) => ({
  language,
  body,
}))
const examples = fences.flatMap((fence, at) =>
  fences[at + 1]?.language === 'parts' ? [{ ...fence, parts: fences[at + 1]?.body ?? '' }] : [],
)

test.each(examples)('the example of $language is what comes out', async ({ language, body, parts }) => {
  const document = await readFile(body, { documentType: language })
  expect(document.format).toBe(language)
  const told = document.parts.map((part) => {
    const label = part.label === null ? '' : `[${part.label}]`
    return 'text' in part
      ? [...(label === '' ? [] : [label]), part.text].join('\n')
      : `${label} ${part.failure.code}: ${part.failure.detail}`
  })
  expect(told.join('\n')).toBe(parts)
})

test('there is an example of most formats, and a row for each', () => {
  expect(examples.length).toBeGreaterThanOrEqual(6)
  const rows = [...page.matchAll(/^\| `(\w+)` \| .* \| ([^|]+) \|$/gm)].map(([, name, extensions = '']) => [
    name,
    extensions.trim(),
  ])
  const known = formats.map(({ name, extensions }) => [name, extensions.join(', ')])
  expect(rows.slice(0, known.length).sort()).toEqual(known.sort())
})
