/**
 * Bodies that are JSON, or a form with a file. A form says the same as JSON in fields: a text as it is, a list by a field for each of its
 * entries, anything else as JSON writes it. Its file, in base64, is the member `file`; its schema is the form's own.
 */
import type { preValidationAsyncHookHandler } from 'fastify'
import type { Static, TObject, TUnsafe } from 'typebox'
import { type FormFile, type MultipartForm, readMultipartForm } from '../http/multipart-form.ts'
import { refuseUnstorable } from '../kernel/json.ts'
import { type Limits, PROBLEM_LOCATION_LENGTH_MAX } from '../kernel/limits.ts'
import { type Problem, problem } from '../kernel/problem.ts'
import { validationProblem } from './validator.ts'

/** The schema of such a body. */
export const jsonOrForm = <Json extends TObject, Form extends TObject>(json: Json, form: Form) =>
  // safety: a handler gets what the schema of the request's content type describes
  ({
    content: { 'application/json': { schema: json }, 'multipart/form-data': { schema: form } },
  }) as unknown as TUnsafe<Static<Json> | Static<Form>>

/** Of a body's schema that of its JSON. */
export const jsonSchemaOf = (schema: unknown): unknown => {
  // safety: made by jsonOrForm, or the schema of a value
  const { content } = (schema ?? {}) as { content?: { 'application/json': { schema: unknown } } }
  return content === undefined ? schema : content['application/json'].schema
}

/** Reads a form before it is validated. Throws Problem `invalid_body`, `empty_content`, and what readMultipartForm throws. */
export const readsForm =
  (form: TObject, { fileBytesMax, bodyBytesMax }: Limits): preValidationAsyncHookHandler =>
  async (request) => {
    const bounds = { fileBytesMax, fieldBytesMax: bodyBytesMax }
    if (request.isMultipart()) request.body = bodyOf(form, await readMultipartForm(request, bounds))
    // What has no content type has no schema either.
    else if (request.body === undefined)
      throw validationProblem([{ instancePath: '', keyword: 'type' }], 'body')
  }

const bodyOf = ({ properties }: TObject, { fields, file }: MultipartForm): Record<string, unknown> => {
  const values = Map.groupBy(fields, ([name]) => name)
  const members = [...values].map(([name, given]) => [
    name,
    memberOf(
      name,
      given.map(([, value]) => value),
      Object.hasOwn(properties, name) ? properties[name] : undefined,
    ),
  ])
  const body: Record<string, unknown> = Object.fromEntries(members)
  refuseUnstorable(body)
  return file === null ? body : { ...fileMembers(file), ...body }
}

const memberOf = (name: string, values: readonly string[], schema: { type?: unknown } = {}): unknown => {
  if (name === 'file') throw wrong(name, 'must be a file: a part with a file name')
  if (schema.type === 'array') return values
  const [value = '', second] = values
  if (second !== undefined) throw wrong(name, 'is there more than once')
  if (schema.type === undefined || schema.type === 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    throw wrong(name, `must be ${schema.type}, as JSON writes it`)
  }
}

const fileMembers = ({ field, content }: FormFile): Record<string, unknown> => {
  const { base64, filename, mediaType } = content
  if (field !== 'file') throw wrong(field, 'is a file; only "file" may be one')
  if (base64 === '')
    throw problem('empty_content', 'The file is empty.', {
      errors: [{ message: 'empty', location: 'body.file' }],
    })
  return {
    file: base64,
    ...(filename !== null && { filename }),
    ...(mediaType !== null && { media_type: mediaType }),
  }
}

const wrong = (name: string, message: string): Problem => {
  const location = `body.${name}`.slice(0, PROBLEM_LOCATION_LENGTH_MAX)
  return problem('invalid_body', `validation failed: ${location} ${message}`, {
    errors: [{ message, location }],
  })
}
