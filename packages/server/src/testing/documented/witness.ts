/**
 * Sees answers of the real server, holds each to its document, and tells by name what never came.
 *
 *     const witness = createWitness(flowyble)
 *     witness.see('agent run', body)
 *     witness.refused('agent not found', answer)
 *     expect(witness.unseen()).toEqual([])
 */
import { expect } from 'vitest'
import type { Answer } from '../test-app.ts'
import type {
  DocumentedError,
  DocumentedField,
  DocumentedObject,
  Json,
  PublishedDocument,
} from './document.ts'
import { valueTypes } from './value-types.ts'

export type Witness = {
  /** Throws when a documented field, status or rule of the object does not hold. Answers the body. */
  readonly see: (name: string, body: unknown) => Json
  /** Throws when the answer is not the documented error. */
  readonly refused: (name: string, answer: Answer<unknown>) => void
  /** The same of what is answered otherwise. */
  readonly chose: (name: string, answer: Answer<unknown>) => void
  /** Throws when what was found of a promise is not what it says. */
  readonly held: (name: string, found: unknown, promised: unknown) => void
  /** A sentence for each name that was never seen. */
  readonly unseen: () => readonly string[]
}

/** `raisedBy` says what the service's library makes of an answer. */
export const createWitness = (
  document: PublishedDocument,
  raisedBy?: (answer: Answer<unknown>) => string,
): Witness => {
  const unseen = new Set(namesOf(document))
  const mark = (name: string) => void unseen.delete(name)

  const checkAnswer = (
    name: string,
    expected: Omit<DocumentedError, 'place'>,
    { status, body, text, headers }: Answer<unknown>,
  ): void => {
    const answer = { status, headers, text, body }
    expect([status, body ?? text], `${document.name}: ${name}`).toEqual([expected.status, expected.body])
    const { contentType, headers: documented = {}, raises } = expected
    if (contentType !== undefined) expect(headers.get('content-type'), name).toContain(contentType)
    for (const [header, form] of Object.entries(documented))
      expect(headers.get(header) ?? '', name).toMatch(form)
    if (raises !== undefined) expect(raisedBy?.(answer), name).toBe(raises)
    mark(name)
  }

  return {
    see: (name, given) => {
      const object = named(document.objects, name)
      expect(valueTypes.object(given), `${document.name}: ${name}`).toBe(true)
      const body = given as Json // safety: looked at just above
      for (const [field, documented] of Object.entries(object.fields)) {
        const isSet = checkField(`${document.name}: ${name}.${field}`, field, { documented, body })
        mark(`field ${name}.${field}${isSet ? '' : ' unset'}`)
      }
      if (object.isClosed === true)
        expect(Object.keys(object.fields), `${document.name}: ${name}`).toEqual(
          expect.arrayContaining(Object.keys(body)),
        )
      if (object.statuses !== undefined) {
        expect(Object.keys(object.statuses), `${document.name}: ${name}`).toContain(body.status)
        mark(`status ${name} ${body.status}`)
      }
      for (const [rule, holds] of Object.entries(object.rules ?? {}))
        expect(holds(body), `${document.name}: ${name}: ${rule}: ${JSON.stringify(body)}`).toBe(true)
      for (const [each, holds] of Object.entries(object.cases ?? {}))
        if (holds(body)) mark(`case ${name}: ${each}`)
      return body
    },
    refused: (name, answer) => checkAnswer(`error ${name}`, named(document.errors, name), answer),
    chose: (name, answer) => {
      const { answer: expected } = named(document.choices, name)
      if (expected === null) throw new Error(`${document.name}: of ${name} there is nothing to be seen`)
      checkAnswer(`choice ${name}`, expected, answer)
    },
    held: (name, found, promised) => {
      named(document.promises, name)
      expect(found, `${document.name}: ${name}`).toEqual(promised)
      mark(`promise ${name}`)
    },
    unseen: () => [...unseen].map((name) => `${document.name}: ${name} was never seen`),
  }
}

const named = <Value>(list: Readonly<Record<string, Value>>, name: string): Value => {
  const value = list[name]
  if (value === undefined) throw new Error(`the document has no ${name}`)
  return value
}

/** Whether the field has a value; throws when it has one, or none, against its rule, or one of another type. */
const checkField = (
  name: string,
  field: string,
  { documented, body }: { readonly documented: DocumentedField; readonly body: Json },
): boolean => {
  const value = body[field]
  const isSet = value !== null && value !== undefined
  const { set } = documented
  const status = String(body.status)
  if (set === 'always' || (typeof set === 'object' && 'only' in set))
    expect(isSet, `${name} at ${status}: ${JSON.stringify(value)}`).toBe(
      set === 'always' || set.only.includes(status),
    )
  if (typeof set === 'object' && 'within' in set && isSet) expect(set.within, name).toContain(status)
  if (isSet)
    expect(
      valueTypes[documented.type](value),
      `${name}: ${JSON.stringify(value)} is no ${documented.type}`,
    ).toBe(true)
  else expect(field in body, `${name} is ${documented.unset}`).toBe(documented.unset === 'null')
  return isSet
}

const namesOf = ({ objects, errors, promises, choices }: PublishedDocument): string[] => [
  ...Object.entries(objects).flatMap(([name, object]) => namesOfObject(name, object)),
  ...Object.keys(errors).map((name) => `error ${name}`),
  ...Object.keys(promises).map((name) => `promise ${name}`),
  ...Object.entries(choices).flatMap(([name, { answer }]) => (answer === null ? [] : [`choice ${name}`])),
]

const namesOfObject = (name: string, { fields, statuses = {}, cases = {} }: DocumentedObject): string[] => [
  ...Object.entries(fields).flatMap(([field, { set }]) => [
    `field ${name}.${field}`,
    // A field that may be without a value must be seen so too.
    ...(set === 'always' ? [] : [`field ${name}.${field} unset`]),
  ]),
  ...Object.keys(statuses).map((status) => `status ${name} ${status}`),
  ...Object.keys(cases).map((each) => `case ${name}: ${each}`),
]
