import { type AddedDocument, addDocument } from '../../memories/add-document.ts'
import type { Access } from '../../projects/access.ts'
import type { ScopedDocument } from './document-body.ts'
import { groupToWrite } from './groups.ts'
import { findIngestion, toAcknowledgement } from './ingestion.ts'

/** Takes one document in, and answers its acknowledgement. */
export const takeIn = async (access: Access, { scope, request }: ScopedDocument, call: string | null) => {
  const group = await groupToWrite(access, scope.group)
  return acknowledge(access, await addDocument(access, group, { ...request, call }))
}

export const acknowledge = async (access: Access, { runId, isReplayed }: AddedDocument) =>
  toAcknowledgement(await findIngestion(access, runId), isReplayed)
