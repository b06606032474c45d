/**
 * What a document may be called. It makes no difference to what is found: a conversation is known by its lines `Name: …`, a file by its
 * content. For `pdf`, `image` and `audio` with a text, that is the text of it.
 */
export const documentTypes = [
  'ai-chat-conversation',
  'human-chat-conversation',
  'meeting-transcript',
  'support-ticket',
  'document',
  'knowledge-article',
  'note',
  'email',
  'pdf',
  'image',
  'audio',
  // By what a file is.
  ...(['text', 'markdown', 'html', 'json', 'csv', 'docx'] as const),
] as const
export type DocumentType = (typeof documentTypes)[number]

/** How a document is worked off. There is one way here, for either. */
export const ingestionModes = ['fast', 'long-range'] as const
export type IngestionMode = (typeof ingestionModes)[number]
