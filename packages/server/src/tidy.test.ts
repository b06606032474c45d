/**
 * Keeps the house in order: who may import whom, how long a file may be, and that lists of files in the documentation's rooms
 * stay true. A rule that this test does not keep is only a wish.
 */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

const source = import.meta.dirname
const repository = join(source, '../../..')

/**
 * What the files of a room may import by value, as beginnings of paths; their own room always. Types carry no behaviour, so
 * they may come from every room but the engines.
 */
const rooms: Readonly<Record<string, readonly string[]>> = {
  'kernel/': [],
  'models/': ['kernel/'],
  'documents/': ['kernel/'],
  'projects/': ['kernel/'],
  'memories/': [
    ...[
      'kernel/',
      'projects/',
      'runs/input.ts',
      'runs/accept-run.ts',
      'runs/read-runs.ts',
      'runs/run-key.ts',
    ],
    // A corrected text is indexed as it will be found.
    ...['search/content-key.ts', 'search/index-document.ts'],
  ],
  'runs/': ['kernel/', 'projects/'],
  // What a conversation comes to is found by rules.
  'conversations/': [
    ...['kernel/', 'projects/', 'memories/add-memories.ts', 'runs/accept-run.ts', 'runs/run.ts'],
    ...['runs/run-key.ts', 'models/rules/'],
  ],
  'search/': ['kernel/', 'projects/', 'memories/'],
  'pipeline/': ['kernel/', 'projects/', 'memories/', 'runs/', 'search/', 'documents/', 'conversations/'],
  'storage/storage.ts': [],
  'storage/accepting.ts': [],
  'storage/administration.ts': [],
  'storage/agent-storage.ts': [],
  'storage/buffer-storage.ts': [],
  'storage/conversation-storage.ts': [],
  'storage/store-upkeep.ts': [],
  'storage/taking-back.ts': [],
  'storage/webhook-storage.ts': [],
  'storage/erasure-storage.ts': [],
  'storage/transfer.ts': [],
  // What an endpoint is told is written down with the event.
  'storage/sqlite/': [
    'kernel/',
    'agents/amount.ts',
    'runs/run.ts',
    'projects/pipeline.ts',
    'webhooks/payload.ts',
    'webhooks/webhook.ts',
  ],
  'webhooks/': ['kernel/', 'outbound/', 'projects/', 'api/representations/run.ts'],
  'outbound/': ['kernel/'],
  // What HTTP APIs have in common, whatever they say: streams, waits, tags, forms.
  'http/': ['kernel/', 'runs/'],
  'api/': [
    ...['kernel/', 'http/', 'projects/', 'memories/', 'runs/', 'search/query.ts', 'webhooks/'],
    ...['conversations/', 'agents/'],
  ],
  'agents/': [
    ...['kernel/', 'projects/', 'memories/', 'runs/', 'search/', 'pipeline/', 'models/'],
    // What an agent reaches, somebody else chose.
    'outbound/',
    // A run may bring along who is to be told of it.
    'webhooks/new-webhook.ts',
  ],
  // A wire translates: what it does, the operations do.
  'wires/': [
    ...['kernel/', 'http/', 'projects/', 'memories/', 'runs/', 'conversations/', 'agents/'],
    ...['search/query.ts', 'search/search-scopes.ts', 'search/mentioned-date.ts'],
  ],
  'observe/': ['kernel/', 'runs/run.ts', 'runs/traceparent.ts'],
  'config/': ['kernel/', 'projects/templates.ts', 'outbound/addresses.ts'],
  'cli/commands/serve.ts': ['kernel/log.ts', 'config/', 'compose.ts', 'testing/fail-points.ts', 'cli/'],
  'cli/commands/backup.ts': ['offline.ts', 'cli/'],
  'cli/commands/doctor.ts': ['offline.ts', 'cli/'],
  'cli/commands/restore.ts': ['offline.ts', 'cli/'],
  'cli/': ['config/', 'kernel/limits.ts', '../package.json'],
  'compose.ts': [''],
  'offline.ts': ['kernel/', 'storage/'],
  'main.ts': ['cli/'],
  'testing/': [''],
}

const files = globSync('**/*.ts', { cwd: source })
const production = files.filter((file) => !/\.test(suite)?\.ts$|(^|\/)testing\//.test(file))

type Import = { readonly from: string; readonly to: string; readonly isType: boolean }

const importsOf = (file: string): Import[] => {
  const text = readFileSync(join(source, file), 'utf8')
  const statements = text.matchAll(
    /^(?:import|export)\s+(type\s+)?[^'";]*?from\s+'(\.[^']+)'|import\('(\.[^']+)'\)/gms,
  )
  return [...statements].map(([statement, type, path, lazy]) => ({
    from: file,
    to: relative(source, join(source, dirname(file), path ?? lazy ?? '')),
    isType: type !== undefined || onlyTypes(statement),
  }))
}

const onlyTypes = (statement: string): boolean => {
  const names =
    /\{([^}]*)\}/s
      .exec(statement)?.[1]
      ?.split(',')
      .map((name) => name.trim())
      .filter(Boolean) ?? []
  return names.length > 0 && names.every((name) => name.startsWith('type '))
}

const roomOf = (file: string): string | undefined =>
  Object.keys(rooms)
    .sort((a, b) => b.length - a.length)
    .find((room) => file.startsWith(room))

const isAllowed = ({ from, to, isType }: Import): boolean => {
  const room = roomOf(from)
  if (room === undefined) return false
  if (to.startsWith(room) || roomOf(to) === room) return true
  if (isType) return !/^storage\/\w+\//.test(to)
  return (rooms[room] ?? []).some((allowed) => to.startsWith(allowed))
}

test('every file belongs to a room, and imports only what its room may', () => {
  const imports = production.flatMap(importsOf)
  expect(imports.length).toBeGreaterThan(100)
  expect(imports.filter((one) => !isAllowed(one)).map(({ from, to }) => `${from} imports ${to}`)).toEqual([])
  expect(production.filter((file) => roomOf(file) === undefined)).toEqual([])
})

test('the kernel has eight files at most', () => {
  expect(files.filter((file) => /^kernel\/[^.]+\.ts$/.test(file)).length).toBeLessThanOrEqual(8)
})

test('files keep their size: at most 250 lines, 400 with a reason in their head', () => {
  const sources = globSync('{packages/*/src,bench,examples}/**/*.ts', { cwd: repository })
  const tooLong = sources
    .filter((file) => !file.endsWith('.testsuite.ts'))
    .map((file) => ({ file, text: readFileSync(join(repository, file), 'utf8') }))
    .map(({ file, text }) => ({
      file,
      lines: text.split('\n').length,
      hasReason: text.slice(0, 1_500).includes('One file because'),
    }))
    .filter(({ lines, hasReason }) => lines > (hasReason ? 400 : 250))
  expect(tooLong).toEqual([])
})

test('names say what things are', () => {
  const vague = /(^|\/)[^/]*\b(utils?|common|manager|helpers?|service)\b[^/]*$/
  expect(files.filter((file) => vague.test(file))).toEqual([])
  expect(
    files.filter((file) => !/^[a-z0-9-]+(\.(test|testsuite))?\.ts$/.test(file.split('/').at(-1) ?? '')),
  ).toEqual([])
})

test('nothing reads the environment or sets the exit code but the process itself', () => {
  const offenders = production.filter(
    (file) =>
      file !== 'main.ts' && /process\.(env|exitCode|exit\b)/.test(readFileSync(join(source, file), 'utf8')),
  )
  expect(offenders).toEqual([])
})

test('the lock file names no registry', () => {
  expect(readFileSync(join(repository, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved": "https?:/)
})

test('every relative link of the documentation leads somewhere', () => {
  const pages = globSync(['*.md', 'docs/**/*.md', 'packages/*/*.md'], { cwd: repository })
  const broken = pages.flatMap((page) =>
    [...readFileSync(join(repository, page), 'utf8').matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
      .map(([, target]) => target ?? '')
      .filter((target) => !existsSync(join(repository, dirname(page), target)))
      .map((target) => `${page} → ${target}`),
  )
  expect(broken).toEqual([])
})
