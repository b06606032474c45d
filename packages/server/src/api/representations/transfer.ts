/** The lines of an export, as they are checked when they come back. */
import { parseBody } from '../../kernel/json.ts'
import { EXPORT_FORMAT_VERSION, JSON_DEPTH_MAX, PROBLEM_ERROR_COUNT_MAX } from '../../kernel/limits.ts'
import { Problem, problem } from '../../kernel/problem.ts'
import type { TransferRecord } from '../../storage/transfer.ts'
import { createValidatorCompiler, validationProblem } from '../validator.ts'
import { wrongInConversation } from './transfer-conversations.ts'
import { transferSchemas } from './transfer-schemas.ts'

/** The first line. */
export const exportHeader = { type: 'header', format: 'remanence', version: EXPORT_FORMAT_VERSION } as const

type Validate = (record: unknown) => true | { error: Parameters<typeof validationProblem>[0] }

/** Reads the lines of a part of an export, and checks each. Throws Problem `invalid_body` with the line, or `malformed_json`. */
export const createRecordReader = (): ((body: Buffer) => readonly TransferRecord[]) => {
  const compile = createValidatorCompiler()
  const validators = new Map<string, Validate>()
  const validatorOf = (type: string): Validate | undefined => {
    const schema = Object.hasOwn(transferSchemas, type) ? transferSchemas[type] : undefined
    if (schema === undefined) return undefined
    // safety: the compiler answers functions of this kind for bodies
    const validate =
      validators.get(type) ?? (compile({ schema, method: '', url: '', httpPart: 'body' }) as Validate)
    validators.set(type, validate)
    return validate
  }
  return (body) => {
    const lines = linesOf(body)
    const [header, ...records] = lines.map(({ text, number }) => parseLine(text, number))
    refuseOtherFormat(header)
    return records.map((record, index) =>
      check(record, { number: lines[index + 1]?.number ?? 0, validatorOf }),
    )
  }
}

/** A record nests what a request nested, and some more. */
const depthMax = JSON_DEPTH_MAX + 8

const linesOf = (body: Buffer): readonly { readonly text: Buffer; readonly number: number }[] => {
  const lines: { text: Buffer; number: number }[] = []
  for (let start = 0, number = 1; start < body.length; number++) {
    const newline = body.indexOf(0x0a, start)
    const end = newline === -1 ? body.length : newline
    const text = body.subarray(start, end)
    if (text.length > 0 && text.toString('latin1').trim() !== '') lines.push({ text, number })
    start = end + 1
  }
  return lines
}

const parseLine = (text: Buffer, number: number): unknown => {
  try {
    return parseBody(text, depthMax)
  } catch (error) {
    if (error instanceof Problem) throw problem(error.code, `Line ${number}: ${error.message}`, error.members)
    throw error
  }
}

const refuseOtherFormat = (header: unknown): void => {
  const versions = Array.from({ length: EXPORT_FORMAT_VERSION }, (_, index) => index + 1)
  if (versions.some((version) => JSON.stringify(header) === JSON.stringify({ ...exportHeader, version })))
    return
  throw problem(
    'invalid_body',
    `The first line must be ${JSON.stringify(exportHeader)}, or that of an earlier version.`,
    {
      errors: [{ message: 'is not the header of an export of this format', location: 'line 1' }],
    },
  )
}

const check = (
  record: unknown,
  {
    number,
    validatorOf,
  }: { readonly number: number; readonly validatorOf: (type: string) => Validate | undefined },
): TransferRecord => {
  const type = record !== null && typeof record === 'object' && 'type' in record ? String(record.type) : ''
  const validate = validatorOf(type)
  if (validate === undefined)
    throw problem('invalid_body', `Line ${number} has a type that no line of an export has.`, {
      errors: [
        {
          message: `must be one of ${Object.keys(transferSchemas).join(', ')}`,
          location: `line ${number}.type`,
        },
      ],
    })
  const answer = validate(record)
  // safety: it matches the schema of its type
  if (answer === true) return refuseWrong(record as TransferRecord, number)
  const found = validationProblem(answer.error, `line ${number}`)
  const errors = found.members.errors?.slice(0, PROBLEM_ERROR_COUNT_MAX) ?? []
  throw problem('invalid_body', `Line ${number}: ${found.message}`, { errors })
}

const refuseWrong = (record: TransferRecord, number: number): TransferRecord => {
  const wrong = wrongInConversation(record)
  if (wrong === null) return record
  const location = `line ${number}.${wrong.member}`
  throw problem('invalid_body', `Line ${number}: ${location} ${wrong.message}`, {
    errors: [{ message: wrong.message, location }],
  })
}
