import { stripVTControlCharacters, styleText } from 'node:util'
import type { Io, Output } from '../io.ts'

export type Format = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'
export type Paint = (format: Format, text: string) => string

/** Colours for a terminal; elsewhere, and where `NO_COLOR` (no-color.org) asks for none, the text as it is. */
export const painter = (io: Io, output: Output): Paint =>
  hasColours(io, output)
    ? (format, text) => styleText(format, text, { validateStream: false })
    : (_, text) => text

export const hasColours = (io: Io, output: Output): boolean =>
  output.isTerminal && !io.env.NO_COLOR && io.env.TERM !== 'dumb'

/** Foreign text on one line, without anything that a terminal would obey. */
export const oneLine = (text: string): string =>
  stripVTControlCharacters(text)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
    .replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .trim()

/** Foreign text as it is divided into lines, without anything else that a terminal would obey. */
export const lines = (text: string): string =>
  stripVTControlCharacters(text)
    .replace(/\r\n?/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]+/g, ' ')
    .trimEnd()
