import { htmlText } from '../html-text.ts'
import { sectionsOf } from '../sections.ts'
import { storedZip } from '../stored-zip.ts'
import { broken } from '../unreadable-document.ts'
import { unzip, type ZipEntry } from '../zip-entries.ts'
import type { DocumentFormat } from './format.ts'

const mediaType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

/** What the text is in; pictures and whatever else is never unpacked. */
const wants = (name: string): boolean => /\.(?:xml|rels)$/i.test(name)

/** A DOCX gives its text section by section. What it refers to is not looked at. */
export const docx: DocumentFormat = {
  name: 'docx',
  mediaTypes: [mediaType, 'application/vnd.ms-word.document.macroenabled.12'],
  extensions: ['docx', 'docm', 'dotx'],
  // A zip file too broken to be looked into is what it was called.
  recognises: ({ entryNames, head, source }) =>
    entryNames.length > 0
      ? entryNames.some((name) => /^word\/document\d*\.xml$/.test(name))
      : head.startsWith('PK\x03\x04') &&
        (source.mediaType?.startsWith(mediaType) || /\.docx$/i.test(source.filename ?? '')),
  read: async ({ bytes }, { bounds }) => {
    const entries = await unzip(bytes, wants, bounds)
    const html = await converted(storedZip(entries))
    const { title, pieces } = sectionsOf(await htmlText(html, bounds))
    return { title: (await titleIn(entries)) ?? title, pieces }
  },
}

const converted = async (buffer: Buffer): Promise<string> => {
  const { default: mammoth } = await import('mammoth')
  try {
    const { value } = await mammoth.convertToHtml(
      { buffer },
      {
        externalFileAccess: false,
        includeEmbeddedStyleMap: false,
        styleMap: ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => p:fresh"],
        convertImage: mammoth.images.imgElement(async () => ({ src: '' })),
      },
    )
    // The way back from a note.
    return value.replaceAll('>↑</a>', '></a>')
  } catch (error) {
    throw broken('the DOCX is broken', error)
  }
}

const titleIn = async (entries: readonly ZipEntry[]): Promise<string | null> => {
  const core = entries.find(({ name }) => name === 'docProps/core.xml')?.content.toString('utf8') ?? ''
  const title = /<dc:title>([^<]{1,1000})<\/dc:title>/.exec(core)?.[1] ?? ''
  return (await htmlText(`<p>${title}</p>`, { htmlDepthMax: 8 })).trim() || null
}
