import { InvalidArgumentError } from 'commander'

/** Reads an option that may be given several times. */
export const readList = (value: string, previous: readonly string[] = []): readonly string[] => [
  ...previous,
  value,
]

/** Reads `key=value`, several times over. */
export const readProperties = (
  text: string,
  previous: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> => {
  const split = text.indexOf('=')
  if (split < 1) throw new InvalidArgumentError('It must have the form key=value.')
  return { ...previous, [text.slice(0, split)]: text.slice(split + 1) }
}

/** Reads a positive integer. */
export const readCount = (text: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a positive integer.')
  return Number(text)
}
