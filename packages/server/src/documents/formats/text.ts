import { textOf } from '../decode-text.ts'
import type { DocumentFormat } from './format.ts'

/** Plain text stays as it is; a long one is cut between paragraphs. */
export const text: DocumentFormat = {
  name: 'text',
  mediaTypes: ['text/plain'],
  extensions: ['txt', 'text', 'log'],
  read: async (source) => ({ title: null, pieces: [{ label: null, text: textOf(source) }] }),
}
