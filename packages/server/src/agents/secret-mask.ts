/**
 * Keeps the values of secrets out of what is told and recorded: as they are, and in the forms in which a server may send them back
 * (percent-encoded, Base64 at any place of a longer text, hexadecimal, escaped as in JSON and HTML).
 */

export type SecretMask = {
  readonly text: (text: string) => string
  /** As `text`, for a text that was cut off at its end: the beginning of a secret that may stand there goes too. */
  readonly cutText: (text: string) => string
  /** Every text, name of a member and number in a JSON value. */
  readonly value: (value: unknown) => unknown
}

const MASK = '[secret]'
/** Encoded forms of shorter secrets would be found in texts that have nothing to do with them. */
const ENCODED_LENGTH_MIN = 6
/** So much of a secret's beginning at the end of a cut text is taken for it. */
const CUT_LENGTH_MIN = 3

export const createSecretMask = (secrets: Iterable<string>): SecretMask => {
  const forms = [...new Set([...secrets].flatMap(formsOf))]
    .filter((form) => form !== '')
    .sort((a, b) => b.length - a.length)
  if (forms.length === 0) return { text: same, cutText: same, value: same }
  const pattern = new RegExp(forms.map(escapePattern).join('|'), 'g')
  const text = (given: string) => given.replace(pattern, MASK)
  const value = (given: unknown): unknown => {
    if (typeof given === 'string') return text(given)
    if (typeof given === 'number') return text(String(given)) === String(given) ? given : MASK
    if (given === null || typeof given !== 'object') return given
    if (Array.isArray(given)) return given.map(value)
    return Object.fromEntries(Object.entries(given).map(([key, member]) => [text(key), value(member)]))
  }
  const cutText = (given: string) => {
    const masked = text(given)
    const lengths = forms.map((form) => beginningAtEnd(masked, form))
    return masked.slice(0, masked.length - Math.max(...lengths))
  }
  return { text, cutText, value }
}

const same = <Value>(value: Value): Value => value

/** How many characters at the end of the text are the beginning of the form. */
const beginningAtEnd = (text: string, form: string): number => {
  for (let length = Math.min(form.length - 1, text.length); length >= CUT_LENGTH_MIN; length--)
    if (text.endsWith(form.slice(0, length))) return length
  return 0
}

const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

const formsOf = (secret: string): readonly string[] => {
  const trimmed = secret.trim()
  if (secret.length < ENCODED_LENGTH_MIN) return [secret, trimmed]
  const bytes = Buffer.from(secret)
  const hex = bytes.toString('hex')
  const percent = encodeURIComponent(secret.toWellFormed())
  const written = JSON.stringify(secret).slice(1, -1)
  return [
    ...[secret, trimmed, written, written.replaceAll('/', '\\/'), asHtml(secret)],
    ...[hex, hex.toUpperCase(), asPercents(hex), asPercents(hex.toUpperCase())],
    ...[percent, encodeURI(secret.toWellFormed()), encodeURIComponent(percent)].flatMap(bothCases),
    new URLSearchParams([['', secret]]).toString().slice(1),
    ...[0, 1, 2].flatMap((offset) => asBase64(bytes, offset)),
  ]
}

const asHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')

const asPercents = (hex: string): string => hex.replace(/../g, '%$&')

const bothCases = (percent: string): readonly string[] => [
  percent,
  percent.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
]

/** What of the Base64 of a longer text depends on the secret alone, when it begins `offset` bytes after a group of three. */
const asBase64 = (bytes: Buffer, offset: number): readonly string[] => {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
  const core = encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6))
  return [core, core.replaceAll('+', '-').replaceAll('/', '_')]
}
