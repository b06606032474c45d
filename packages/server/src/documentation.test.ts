/**
 * Runs the documentation. A fence marked `run` (```sh run, ```ts run) is a step; a fence marked `output` right after it is what the
 * step prints: `text` wholly, `json` at least these members. Steps of one language on one page are one script, with a server of its
 * own, in a folder like the one that was started in: with `bin/remanence` and `.remanence/key`. The default address stands for that of
 * the server. Ids, instants, keys and scores differ from run to run, so they are compared by form.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { temporaryFolder } from './testing/temporary-folder.ts'
import { startTestApp, type TestApp } from './testing/test-app.ts'

const repository = join(import.meta.dirname, '../../..')
const page = (path: string): string => readFileSync(join(repository, path), 'utf8')
const hasCurl = spawnSync('curl', ['--version']).status === 0

const END = '=== end of step ==='

/** By language: what runs a script, and the line of it that marks the end of a step. */
const runners: Readonly<Record<string, { readonly command: readonly string[]; readonly end: string }>> = {
  sh: { command: ['sh', '-eu'], end: `echo '${END}'\n` },
  ts: { command: [process.execPath], end: `console.log('${END}')\n` },
}

type Step = { readonly language: string; readonly code: string; readonly output: Output | null }
type Output = { readonly language: string; readonly text: string }

const stepsOf = (markdown: string): Step[] => {
  const fences = [...markdown.matchAll(/^```(\w+)(?: ([^\n]+))?\n(.*?)^```$/gms)].map(
    ([, language = '', mark = '', body = '']) => ({ language, mark, body }),
  )
  return fences.flatMap(({ language, mark, body }, index) => {
    const [previous, next] = [fences[index - 1], fences[index + 1]]
    const isStep = mark === 'run' && Object.hasOwn(runners, language)
    const isOutput = mark === 'output' && previous?.mark === 'run'
    if (mark !== '' && !isStep && !isOutput)
      throw new Error(`nothing is done with the fence ${language} ${mark}`)
    const output = next?.mark === 'output' ? { language: next.language, text: next.body } : null
    return isStep ? [{ language, code: body, output }] : []
  })
}

/** A folder as a reader has it, and a server that keeps its data there. */
const startPlace = async () => {
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(temporaryFolder()).path
  mkdirSync(join(folder, 'bin'))
  for (const path of ['bin/remanence', 'node_modules'])
    symlinkSync(join(repository, path), join(folder, path))
  const app = stack.use(
    await startTestApp({ dataDir: join(folder, '.remanence'), webhookAllow: '127.0.0.1' }),
  )
  const resources = stack.move()
  return { folder, app, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}

type Place = { readonly folder: string; readonly app: TestApp }

/** What each step prints. */
const runSteps = async (place: Place, language: string, steps: readonly Step[]): Promise<string[]> => {
  const { command, end } = runners[language] ?? { command: [], end: '' }
  const script = steps.map(({ code }) => code + end).join('')
  const file = `steps.${language}`
  writeFileSync(join(place.folder, file), script.replaceAll('http://127.0.0.1:7090', place.app.url))
  return (await runFile(place, [...command, file])).split(`${END}\n`)
}

/** What the command prints; it must succeed. */
const runFile = async ({ folder, app }: Place, [command = '', ...args]: string[]): Promise<string> => {
  const env = { PATH: process.env.PATH, REMANENCE_URL: app.url, REMANENCE_API_KEY: app.key }
  const child: ChildProcess = spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err, [code]] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
    once(child, 'exit'),
  ])
  expect({ code, err: code === 0 ? '' : err + out }).toEqual({ code: 0, err: '' })
  return out
}

const form = (printed: string): string =>
  printed
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<id>')
    .replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '<instant>')
    .replace(/\brem_[\w-]+…?/g, '<key>')
    .replace(/\bwhsec_[\w+/=]+/g, '<secret>')
    .replace(/\b0\.\d+/g, '0.5')

const compare = (printed: string, { language, text: shown }: Output): void => {
  if (language === 'json') expect(JSON.parse(form(printed))).toMatchObject(JSON.parse(form(shown)))
  else expect(form(printed)).toBe(form(shown))
}

const scripts = globSync(['*.md', 'docs/**/*.md', 'packages/*/*.md'], { cwd: repository }).flatMap((path) =>
  Object.keys(runners).flatMap((language) => {
    const steps = stepsOf(page(path)).filter((step) => step.language === language)
    return steps.length > 0 ? [{ path, language, steps }] : []
  }),
)

test('the guide has steps in both languages', () => {
  expect(scripts.filter(({ path }) => path === 'docs/api.md')).toHaveLength(2)
})

// The steps are for people, who have curl; a bare machine that runs the tests may not.
for (const { path, language, steps } of scripts) {
  test.skipIf(language === 'sh' && !hasCurl)(`${path}: the ${language} steps do what it says`, async () => {
    await using place = await startPlace()
    const printed = await runSteps(place, language, steps)
    expect(printed).toHaveLength(steps.length + 1)
    for (const [index, { output }] of steps.entries()) if (output) compare(printed[index] ?? '', output)
  })
}

test.skipIf(!hasCurl)('examples/curl.sh finds what it added', async () => {
  await using place = await startPlace()
  const printed = await runFile(place, ['sh', join(repository, 'examples/curl.sh')])
  const [, accepted, , run, , found, ...rest] = printed.split('\n')
  expect(JSON.parse(accepted ?? '')).toMatchObject({ status: 'running' })
  expect(JSON.parse(run ?? '')).toMatchObject({ state: 'completed', counts: { created: 2 } })
  expect(JSON.parse(found ?? '')).toMatchObject({
    memories: [{ content: 'Lena: I ride my red bicycle along the river.' }],
  })
  expect(rest).toEqual([''])
})

test('examples/quick-start.ts finds what it added', async () => {
  await using place = await startPlace()
  const printed = await runFile(place, [process.execPath, join(repository, 'examples/quick-start.ts')])
  expect(printed).toBe(
    `completed: 2 created, 0 updated
Remembered:
- Lena: I ride my red bicycle along the river.
- Lena: I moved to Graz in March.
What colour is her bicycle?
- Lena: I ride my red bicycle along the river.
`,
  )
})
