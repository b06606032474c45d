import { ownKey } from '../runs/run-key.ts'

/** The key of the run that took a transcript in: one of a conversation. */
export const transcriptKeyOf = (conversationId: string): string => ownKey('transcript', [conversationId])
