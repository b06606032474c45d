/**
 * Bytes that belong to nothing. SQLite overwrites what it deletes (secure_delete), but when it moves rows from page to page it leaves
 * copies behind in the unused room of a page, where no statement ever sees them again. They are overwritten here, in the file itself.
 *
 * This is sound because only bytes are written that SQLite never reads: the gap between a page's list of cells and its cells, free
 * blocks beyond their head, and pages on the list of free pages. A reader that comes by meanwhile, or a crash in the middle, finds
 * the same database. It must be done while the log is empty, so that the file is what counts, and while no page is cached, for a cached
 * page would bring its copy back. See the file format of SQLite, "B-tree pages" and "The freelist".
 */
import { readSync, writeSync } from 'node:fs'

type File = {
  readonly fd: number
  readonly pageSize: number
  readonly usableSize: number
  readonly pageCount: number
}

/** Pages looked at in one piece: others wait as long. */
const PAGES_PER_PIECE = 512

/** Pages from here on could be taken for what they are not: the first byte of an overflow page is that of a page number. */
const PAGE_COUNT_MAX = 2 ** 25

/** Overwrites what belongs to nothing from page `first` on; answers where to go on, null at the end. */
export const scrubPages = (fd: number, first: number): number | null => {
  const file = readFile(fd)
  if (file.pageCount >= PAGE_COUNT_MAX) throw new Error('the database is too large to be scrubbed')
  const last = Math.min(file.pageCount, first + PAGES_PER_PIECE - 1)
  if (last < first) return null
  const bytes = readPages(file, first, last)
  const { leaves, trunks } = freePages(file)
  for (let page = first; page <= last; page++) {
    const start = (page - first) * file.pageSize
    const content = bytes.subarray(start, start + file.pageSize)
    const ranges = leaves.has(page)
      ? [[0, file.pageSize] as const]
      : trunks.has(page)
        ? [[8 + 4 * content.readUInt32BE(4), file.pageSize] as const]
        : unusedRanges(content, { page, usableSize: file.usableSize })
    for (const [from, to] of ranges) overwrite(file, { page, content, from, to })
  }
  return last === file.pageCount ? null : last + 1
}

const readFile = (fd: number): File => {
  const head = Buffer.alloc(100)
  readSync(fd, head, 0, 100, 0)
  const size = head.readUInt16BE(16)
  const pageSize = size === 1 ? 65_536 : size
  return { fd, pageSize, usableSize: pageSize - head.readUInt8(20), pageCount: head.readUInt32BE(28) }
}

const readPages = ({ fd, pageSize }: File, first: number, last: number): Buffer => {
  const bytes = Buffer.alloc((last - first + 1) * pageSize)
  readSync(fd, bytes, 0, bytes.length, (first - 1) * pageSize)
  return bytes
}

/** The list of free pages: trunks list leaves, and lead to the next trunk. */
const freePages = (
  file: File,
): { readonly leaves: ReadonlySet<number>; readonly trunks: ReadonlySet<number> } => {
  const leaves = new Set<number>()
  const trunks = new Set<number>()
  let trunk = readPages(file, 1, 1).readUInt32BE(32)
  while (trunk !== 0 && !trunks.has(trunk)) {
    trunks.add(trunk)
    const content = readPages(file, trunk, trunk)
    const count = Math.min(content.readUInt32BE(4), file.usableSize / 4 - 2)
    for (let index = 0; index < count; index++) leaves.add(content.readUInt32BE(8 + 4 * index))
    trunk = content.readUInt32BE(0)
  }
  return { leaves, trunks }
}

type Range = readonly [from: number, to: number]

const leafKinds: ReadonlySet<number> = new Set([0x0a, 0x0d])
const interiorKinds: ReadonlySet<number> = new Set([0x02, 0x05])

/** Of a page of a tree; none of a page that is no such page, or looks like none. */
const unusedRanges = (
  content: Buffer,
  { page, usableSize }: { readonly page: number; readonly usableSize: number },
): readonly Range[] => {
  const head = page === 1 ? 100 : 0
  const kind = content.readUInt8(head)
  if (!leafKinds.has(kind) && !interiorKinds.has(kind)) return []
  const cellsStart = content.readUInt16BE(head + 5) || 65_536
  const listEnd = head + (leafKinds.has(kind) ? 8 : 12) + 2 * content.readUInt16BE(head + 3)
  if (listEnd > cellsStart || cellsStart > usableSize) return []
  return [[listEnd, cellsStart], ...freeBlocks(content, content.readUInt16BE(head + 1), usableSize)]
}

/** Each begins with the place of the next and its own size; they stand in ascending order. */
const freeBlocks = (content: Buffer, first: number, usableSize: number): readonly Range[] => {
  const blocks: Range[] = []
  for (let block = first; block !== 0 && block + 4 <= usableSize; ) {
    const next = content.readUInt16BE(block)
    blocks.push([block + 4, Math.min(usableSize, block + content.readUInt16BE(block + 2))])
    if (next !== 0 && next <= block) break
    block = next
  }
  return blocks
}

const overwrite = (
  { fd, pageSize }: File,
  { page, content, from, to }: { page: number; content: Buffer; from: number; to: number },
): void => {
  if (from >= to) return
  const nothing = Buffer.alloc(to - from)
  if (!content.subarray(from, to).equals(nothing))
    writeSync(fd, nothing, 0, to - from, (page - 1) * pageSize + from)
}
