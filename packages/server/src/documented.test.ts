/**
 * What services have published of how they tell of a job is covered by name, and what is answered otherwise is a choice that the documentation
 * explains. That each name is answered as published, the tests beside the documents in `testing/documented/` find out.
 */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { engramEarlier } from './testing/documented/engram-earlier.ts'
import { engramLater } from './testing/documented/engram-later.ts'
import { flowyble } from './testing/documented/flowyble.ts'
import { gomemory } from './testing/documented/gomemory.ts'
import { synap } from './testing/documented/synap.ts'

const folder = join(import.meta.dirname, 'testing/documented')
const documentation = join(import.meta.dirname, '../../../docs')
const documents = [engramEarlier, engramLater, gomemory, synap, flowyble]

/** A page whose blanks, those that pad a table too, count as one. */
const readPage = (page: string): string => {
  const path = join(documentation, page)
  expect(existsSync(path), page).toBe(true)
  return readFileSync(path, 'utf8').replace(/\s+/g, ' ')
}

const choices = documents.flatMap(({ name, choices }) =>
  Object.entries(choices).map(([choice, what]) => ({ name: `${name}: ${choice}`, ...what })),
)

test.each(choices)('$name is explained in docs/$page', ({ page, says }) => {
  expect(readPage(page).includes(says), `docs/${page} says "${says}"`).toBe(true)
})

test.each(documents)('$name: every name has its place in the document', ({ objects, errors, choices }) => {
  const fields = Object.values(objects).flatMap((object) => Object.values(object.fields))
  const places = [...Object.values(objects), ...fields, ...Object.values(errors), ...Object.values(choices)]
  expect(places.filter(({ place }) => place.trim() === '')).toEqual([])
  expect(fields.length).toBeGreaterThan(4)
})

/** The thirteen members of an agent run, the nine of an ingestion, the ten of a run and the three of a job, and all their statuses. */
test.each([
  [flowyble, 'agent run', 13, ['Pending', 'Running', 'Completed', 'Failed', 'Cancelled']],
  [synap, 'ingestion', 9, ['queued', 'processing', 'completed', 'failed', 'partial_success']],
  [gomemory, 'status of a job', 3, ['pending', 'processing', 'success', 'failure']],
  [engramEarlier, 'run', 10, ['running', 'in_buffer', 'completed', 'failed']],
  [engramLater, 'run', 10, ['running', 'in_buffer', 'completed', 'failed']],
] as const)('$0.name: the $1 has all its names', ({ objects }, name, fieldCount, statuses) => {
  const { fields = {}, statuses: known = {} } = objects[name] ?? {}
  expect(Object.keys(fields)).toHaveLength(fieldCount)
  expect(Object.keys(known)).toEqual(statuses)
})

test('each document is held to the server by a test that asks for what was never seen', () => {
  const tests = globSync('*.test.ts', { cwd: folder }).map((file) => readFileSync(join(folder, file), 'utf8'))
  for (const { name } of documents) {
    const [file = ''] = globSync('*.ts', { cwd: folder }).filter((each) =>
      readFileSync(join(folder, each), 'utf8').includes(`  name: '${name}',\n`),
    )
    const held = tests.filter(
      (text) => text.includes(`'./${file}'`) && /\.unseen\(\)\)+\.toEqual\(\[\]\)/.test(text),
    )
    expect(held, name).toHaveLength(1)
  }
})
