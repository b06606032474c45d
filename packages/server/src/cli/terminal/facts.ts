import type { Paint } from './paint.ts'

/** Lines of a dim name and its text, for one thing shown in full; without those whose text is empty. */
export const facts = (paint: Paint, lines: readonly (readonly [name: string, text: string])[]): string =>
  lines
    .filter(([, text]) => text !== '')
    .map(([name, text]) => `${paint('dim', name.padEnd(14))}${text}\n`)
    .join('')
