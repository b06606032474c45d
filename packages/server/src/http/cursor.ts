/** Cursors are opaque to callers: the store's own text in base64url, checked on the way back in. */
import { Type } from 'typebox'
import { problem } from '../kernel/problem.ts'

export const Cursor = Type.String({ maxLength: 4_096, description: 'The `next_cursor` of the page before.' })

export const writeCursor = (text: string | null): string | null =>
  text === null ? null : Buffer.from(text).toString('base64url')

/** Throws Problem `invalid_body`, for a cursor given at `location`, when the text never was one of this list. */
export const readCursor = (
  cursor: string | undefined,
  { form, location }: { readonly form: RegExp; readonly location: string },
): string | null => {
  if (cursor === undefined) return null
  const text = Buffer.from(cursor, 'base64url').toString('utf8')
  if (form.test(text)) return text
  throw problem('invalid_body', 'The cursor is not one that this list gave out.', {
    errors: [{ message: 'is no cursor of this list', location }],
  })
}
