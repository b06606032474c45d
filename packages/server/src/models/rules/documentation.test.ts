import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Message, Role } from '../../runs/input.ts'
import type { Passage } from '../model.ts'
import { rulesExtractor } from './rules-extractor.ts'

// docs/extractor-rules.md shows inputs and what they give; this keeps it true.

const page = readFileSync(new URL('../../../../../docs/extractor-rules.md', import.meta.url), 'utf8')
const topic = {
  name: 'facts',
  description: '',
  isBounded: false,
  scoping: { userScoped: true, scopeProperties: [] },
}

const examples = [
  ...page.matchAll(/^(```|~~~)(text|conversation)\n(.*?)\n\1\n+(```|~~~)statements\n(.*?)\n?\4$/gms),
].map(([, , kind, input = '', , output = '']) => ({ kind, input, output }))

const messageOf = (line: string): Message => {
  const [, role, name, content] = /^(\w+)(?: \(([^)]+)\))?: (.*)$/s.exec(line) ?? []
  // safety: the page is ours, and an unknown role would give no statement it shows
  return { role: role as Role, content: content ?? '', ...(name !== undefined && { name }) }
}

const passageOf = (kind: string | undefined, input: string): Passage =>
  kind === 'text'
    ? { type: 'text', text: input, saidAt: 0 }
    : { type: 'conversation', messages: input.split('\n').map(messageOf), saidAt: 0 }

const shown = async (passage: Passage): Promise<string> => {
  const statements = await rulesExtractor.extract({
    passage,
    topics: [topic],
    signal: new AbortController().signal,
  })
  return statements
    .map(
      ({ content, context }) =>
        `- ${content.replaceAll('\n', '\n  ')}${context === undefined ? '' : `\n  ← ${context}`}`,
    )
    .join('\n')
}

test('the page has examples', () => {
  expect(examples.length).toBeGreaterThan(9)
})

test.each(examples)('documented: $input', async ({ kind, input, output }) => {
  expect(await shown(passageOf(kind, input))).toBe(output)
})
