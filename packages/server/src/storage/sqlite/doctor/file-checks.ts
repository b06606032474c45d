import type { Check } from './check.ts'

/** The file itself, whatever is in it. */
export const fileChecks: readonly Check[] = [
  {
    name: 'file_is_whole',
    sentence: 'The database file is whole.',
    sql: "SELECT integrity_check AS problem FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
  },
  {
    name: 'references_lead_somewhere',
    sentence: 'No row refers to one that is not there.',
    sql: 'SELECT "table", rowid, parent FROM pragma_foreign_key_check',
  },
]
