import type { Check } from './check.ts'

/** The index that searches read. */
export const indexChecks: readonly Check[] = [
  {
    name: 'partition_counts_its_documents',
    sentence: 'A partition of the index counts what it holds.',
    sql: `SELECT p.partition_no, p.document_count, count(d.position) AS documents, p.total_length, total(d.length) AS lengths, p.next_position
          FROM partitions p LEFT JOIN documents d ON d.partition_no = p.partition_no GROUP BY p.partition_no
          HAVING p.document_count <> documents OR abs(p.total_length - lengths) > 0.001 OR p.next_position <= max(d.position)`,
  },
  {
    name: 'memory_has_its_document',
    sentence: 'Every memory is in the index, and nothing else is.',
    sql: `SELECT m.memory_id, d.memory_id AS document FROM memories m
          FULL JOIN documents d ON d.partition_no = m.partition_no AND d.position = m.position
          WHERE m.memory_id IS NOT d.memory_id OR m.scope_no <> d.scope_no`,
  },
  {
    name: 'document_has_its_postings',
    sentence: 'A document of the index is found by each of its words.',
    sql: `SELECT d.memory_id, d.partition_no, d.position FROM documents d, json_each(d.terms) t
          LEFT JOIN postings p ON p.partition_no = d.partition_no AND p.term = t.value AND p.position = d.position WHERE p.term IS NULL`,
  },
  {
    name: 'posting_has_its_document',
    sentence: 'A word of the index leads to a document that holds it.',
    sql: `SELECT p.partition_no, p.position FROM postings p
          LEFT JOIN documents d ON d.partition_no = p.partition_no AND d.position = p.position
          WHERE d.terms IS NULL OR NOT EXISTS (SELECT 1 FROM json_each(d.terms) t WHERE t.value = p.term)`,
  },
]
