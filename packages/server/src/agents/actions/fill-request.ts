/**
 * A request template with its places filled, each value written for where it stands: no value changes the host, the segments of the
 * path, the parameters of the query or the lines of the head. All of it throws TemplateError.
 */
import type { HttpRequestTemplate } from '../action-spec.ts'
import { asScalar, fill, fillText, placesOf, TemplateError, type Values } from '../template.ts'

export type FilledRequest = Pick<HttpRequestTemplate, 'method'> & {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** JSON; null: none. */
  readonly body: string | null
}

export const fillRequest = (template: HttpRequestTemplate, values: Values): FilledRequest => {
  const body = template.body === null ? null : JSON.stringify(fill(template.body, values))
  return {
    method: template.method,
    url: withQuery(fillUrl(template.url, values), template.query, values),
    headers: {
      accept: 'application/json, text/*;q=0.9, */*;q=0.5',
      'user-agent': 'Remanence/1',
      ...(body !== null && { 'content-type': 'application/json' }),
      ...fillHeaders(template.headers, values),
      ...(body !== null && { 'content-length': String(Buffer.byteLength(body)) }),
    },
    body,
  }
}

/** An address may have places in its path and its query, not before. */
export const fillUrl = (template: string, values: Values): string => {
  const [, origin = '', path = '', query = ''] =
    /^(https?:\/\/[^/?#\\{}\s]+)((?:\/[^?#]*)?)(\?[^#]*)?(?:#.*)?$/i.exec(template) ?? []
  if (origin === '')
    throw new TemplateError('the address must begin with http:// or https:// and a host without places')
  return origin + fillPath(path, values) + fillText(query, values, asPart)
}

const fillPath = (path: string, values: Values): string =>
  path
    .split('/')
    .map((segment) => fillSegment(segment, values))
    .join('/')

const fillSegment = (segment: string, values: Values): string => {
  const filled = fillText(segment, values, asPart)
  const hasPlaces = placesOf(segment).length > 0
  if (hasPlaces && (filled === '' || /^(\.|%2e){1,2}$/i.test(filled)))
    throw new TemplateError(`${segment} would change the path of the address`)
  return filled
}

const asPart: typeof asScalar = (value, place) => encodeURIComponent(asScalar(value, place))

const withQuery = (url: string, query: HttpRequestTemplate['query'], values: Values): string => {
  const parts = textMembers(query, values).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  )
  if (parts.length === 0) return url
  return `${url}${url.includes('?') ? '&' : '?'}${parts.join('&')}`
}

/** What speaks of the connection and of the message as a whole is not the template's. */
const ownHeaders =
  /^(host|content-length|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|proxy-.*)$/i

/** Names come out in lower case. */
export const fillHeaders = (
  headers: HttpRequestTemplate['headers'],
  values: Values,
): Record<string, string> =>
  Object.fromEntries(
    textMembers(headers, values).map(([name, value]) => {
      if (ownHeaders.test(name) || !/^[!#$%&'*+.^_`|~\w-]+$/.test(name))
        throw new TemplateError(`a header "${name}" cannot be sent`)
      if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
        throw new TemplateError(`the header "${name}" would hold characters that a header may not`)
      return [name.toLowerCase(), value]
    }),
  )

/** Texts by name; one that is a place alone, of what was not given, is left out. */
const textMembers = (
  members: Readonly<Record<string, string>>,
  values: Values,
): readonly (readonly [string, string])[] =>
  Object.entries(members).flatMap(([name, text]) => {
    const isGiven = Object.hasOwn(Object(fill({ text }, values)), 'text')
    return isGiven ? [[name, fillText(text, values, asScalar)] as const] : []
  })
