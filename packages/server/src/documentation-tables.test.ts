/** The tables of the documentation say what the code says: routes, problem codes, limits and settings, all of them and no others. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { settings } from './config/settings.ts'
import * as limits from './kernel/limits.ts'
import { problemCatalogue } from './kernel/problem.ts'
import { operationsOf } from './testing/open-api.ts'
import { readPrometheusText } from './testing/prometheus-text.ts'
import { startTestApp } from './testing/test-app.ts'

const documentation = join(import.meta.dirname, '../../../docs')

/** The rows of the table under a heading, each as its cells without code marks. */
const tableUnder = (page: string, heading: string): string[][] => {
  const [, section = ''] = readFileSync(join(documentation, page), 'utf8').split(`\n${heading}\n`)
  const table = /^\|.*\n\|[ -|]+\n((?:\|.*\n)+)/m.exec(section)?.[1] ?? ''
  const rows = table.trim().split('\n')
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  )
}

test('docs/api.md lists every route', async () => {
  await using app = await startTestApp()
  const served = (await operationsOf(app)).map(({ name }) => name)
  expect(tableUnder('api.md', '## Routes').map(([route]) => route)).toHaveLength(served.length)
  expect(tableUnder('api.md', '## Routes').map(([route]) => route)).toEqual(expect.arrayContaining(served))
})

test('docs/errors.md explains every problem code', () => {
  const documented = tableUnder('errors.md', '## Codes').map(([code, status]) => [code, Number(status)])
  expect(documented).toEqual(Object.entries(problemCatalogue).map(([code, { status }]) => [code, status]))
})

test('every limit is documented, with its value', () => {
  const rows = [...tableUnder('api.md', '## Limits'), ...tableUnder('operations.md', '### Inner bounds')]
  const documented = rows.map(([name = '', value = '']) => [name, Number(value.replaceAll(',', ''))])
  const { defaultLimits, ...constants } = limits
  const known = { ...defaultLimits, ...constants }
  for (const [name, value] of documented) expect(Object.entries(known)).toContainEqual([name, value])
  expect(documented.map(([name]) => name)).toEqual(expect.arrayContaining(Object.keys(constants)))
})

test('docs/operations.md lists every setting', () => {
  expect(tableUnder('operations.md', '## Settings')).toEqual(
    settings.map(({ name, env, default: value, description }) => [
      name,
      env,
      value === null ? 'none' : String(value),
      description,
    ]),
  )
})

test('docs/operations.md lists every metric, with its labels', async () => {
  await using app = await startTestApp()
  await app.finished(await app.add('Mara keeps bees.'))
  const metrics = readPrometheusText((await app.request('GET', '/metrics')).text)
  const rows = tableUnder('operations.md', '## Metrics')
  expect(rows.map(([name, type, , help]) => [name, type, help])).toEqual(
    [...metrics].map(([name, { type, help }]) => [name, type, help]),
  )
  for (const [name = '', , labels = ''] of rows) {
    const documented = labels === '' ? [] : labels.split(', ')
    for (const sample of metrics.get(name)?.samples ?? []) {
      const { le: _, ...given } = sample.labels
      expect([name, Object.keys(given)]).toEqual([name, documented])
    }
  }
})
