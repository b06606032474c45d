/**
 * The way of a document: it is read, and then its parts are the inputs of the run.
 *
 *     read ──▶ extract [1] ─▶ transform [1] ─▶ commit [1] ──▶ extract [2] ─▶ … ──▶ end of document
 *
 * A long one goes through the pipeline in portions of a few parts, each to its commit, so that what is found is there early, what was
 * committed is never done again, and no transaction grows with the document. A short one goes through as any other input, and so does
 * every one where the portions could not be told apart behind a buffer, or nothing is committed because it is a dry run.
 *
 * One that takes the place of earlier ones takes away what only they had said, when all of it is committed (`replace-earlier.ts`).
 */
import { cutText } from '../documents/cut-text.ts'
import type { DocumentPart, ReadDocument } from '../documents/document.ts'
import { UnreadableDocument } from '../documents/unreadable-document.ts'
import {
  DOCUMENT_LENGTH_MAX,
  DOCUMENT_PART_LENGTH_MAX,
  DOCUMENT_PORTION_COUNT_MAX,
} from '../kernel/limits.ts'
import { pathOf } from '../projects/pipeline.ts'
import type { DocumentInput } from '../runs/input.ts'
import { readStepName } from '../runs/portions.ts'
import type { RecordedStep } from '../runs/run.ts'
import { type DocumentRun, passPortions } from './portions.ts'
import { endReplaced, replaceEarlier } from './replace-earlier.ts'
import { passInputs } from './run-pipeline.ts'
import { recordedOutput, runStep } from './run-step.ts'
import type { Attempt, PipelineDependencies } from './step.ts'
import type { InputResult } from './steps/extract.ts'

/** What is recorded of a document that was read. */
type Read = Pick<ReadDocument, 'parts' | 'saidAt'>

export const rememberDocument = async (
  dependencies: PipelineDependencies,
  attempt: Attempt,
): Promise<void> => {
  const { run, group, payload, storage } = attempt
  const { input, properties } = payload
  if (input.type !== 'document') throw new Error(`run ${run.runId} has no document`)
  const recorded = run.attempt === 1 ? [] : await storage.listSteps(run.runId)
  const { parts, saidAt } = await readOnce(dependencies, attempt, { input, recorded })
  const content = parts.map((part) => ('text' in part ? part.text : ''))
  const createdAt = input.createdAt ?? saidAt ?? run.createdAt
  const texts: Attempt = {
    ...attempt,
    payload: { input: { type: 'string', content, createdAt }, properties },
  }
  const document: DocumentRun = {
    ...{ path: pathOf(group.pipeline, 'string'), recorded, given: unreadable(parts) },
    ...{ partCount: parts.length, replaces: input.replaces ?? null },
  }
  if (document.replaces !== null && !run.dryRun) await endReplaced(dependencies, attempt, document.replaces)
  if (!isWhole(attempt, document)) return passPortions(dependencies, texts, document)
  if (document.replaces !== null && !run.dryRun) {
    const counts = await replaceEarlier(dependencies, attempt, document.replaces)
    if (counts === null) return
    return passInputs(dependencies, { ...texts, run: { ...run, counts } }, ownSteps(document))
  }
  return passInputs(dependencies, texts, ownSteps(document))
}

/** Whether it goes through the pipeline in one go. */
const isWhole = ({ run }: Attempt, { path, partCount, replaces }: DocumentRun): boolean =>
  run.dryRun ||
  path.some(({ type }) => type === 'buffer') ||
  (partCount <= DOCUMENT_PORTION_COUNT_MAX && replaces === null)

/** Without those that no pipeline has. */
const ownSteps = (document: DocumentRun): DocumentRun => ({
  ...document,
  recorded: document.recorded.filter((step) => document.path.some(({ name }) => name === step.name)),
})

const unreadable = (parts: readonly DocumentPart[]): readonly InputResult[] =>
  parts.flatMap((part, input) => {
    if ('text' in part) return []
    const { code, detail } = part.failure
    return [{ input, failure: { code, detail: part.label === null ? detail : `${part.label}: ${detail}` } }]
  })

const readOnce = async (
  dependencies: PipelineDependencies,
  attempt: Attempt,
  { input, recorded }: { readonly input: DocumentInput; readonly recorded: readonly RecordedStep[] },
): Promise<Read> =>
  recordedOutput<Read>(recorded, readStepName) ??
  (await runStep(dependencies, attempt, {
    name: readStepName,
    type: 'read',
    work: async ({ signal }) => {
      const { content } = input
      return 'text' in content ? readText(content.text) : readFile(dependencies, input, signal)
    },
  }))

const readText = (text: string): Read => {
  if (text.length > DOCUMENT_LENGTH_MAX)
    throw new UnreadableDocument('document_too_large', `it has more than ${DOCUMENT_LENGTH_MAX} characters`)
  const texts = cutText(text, DOCUMENT_PART_LENGTH_MAX)
  if (texts.length === 0) throw new UnreadableDocument('empty_document', 'there is no text in it')
  return { parts: texts.map((one) => ({ label: null, text: one })), saidAt: null }
}

const readFile = async (
  { documents }: PipelineDependencies,
  { content, documentType }: DocumentInput,
  signal: AbortSignal,
): Promise<Read> => {
  if (!('file' in content)) throw new Error('a document without a file is a text')
  const { base64, filename, mediaType } = content.file
  const bytes = Buffer.from(base64, 'base64')
  const source = { bytes, filename, mediaType, ...(documentType !== undefined && { documentType }) }
  const { parts, saidAt } = await documents.read(source, signal)
  return { parts, saidAt }
}
