/** The key of the run that took a transcript in: one of a conversation. No caller's key begins with a control character. */
export const transcriptKeyOf = (conversationId: string): string => `\u0001transcript ${conversationId}`
