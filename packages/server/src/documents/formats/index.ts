import { csv } from './csv.ts'
import { docx } from './docx.ts'
import { email } from './email.ts'
import type { DocumentFormat } from './format.ts'
import { html } from './html.ts'
import { json } from './json.ts'
import { markdown } from './markdown.ts'
import { pdf } from './pdf.ts'
import { text } from './text.ts'

/** THE list of formats. The first one that recognises a file reads it. */
export const formats: readonly DocumentFormat[] = [pdf, docx, html, email, json, markdown, csv, text]
