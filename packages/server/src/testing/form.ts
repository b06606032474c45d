/** Forms as clients send them. */

export type Fields = Readonly<Record<string, string | File | undefined | readonly (string | File)[]>>

/** A list is sent field by field, what is undefined is not sent. */
export const formOf = (fields: Fields): FormData => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields))
    for (const one of [value ?? []].flat()) form.append(name, one)
  return form
}
