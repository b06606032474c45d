/** Usage per day: what was done is in the next answer, and only the operator sees that of others. */
import { afterAll, expect, test } from 'vitest'
import { systemClock } from '../../kernel/clock.ts'
import { startTestApp } from '../../testing/test-app.ts'

let now = Date.parse('2026-11-10T23:59:30Z')
const app = await startTestApp({ clock: { now: () => now, sleep: systemClock.sleep } })
afterAll(app.stop)

type Day = {
  readonly day: string
  readonly project_id?: string
  readonly runs: object
  readonly operations: object
  readonly searches: number
}
type Days = { readonly days: readonly Day[]; readonly next_cursor?: string | null }
const usage = async (query = '') => (await app.request<Days>('GET', `/v1/usage${query}`)).body.days
const search = () => app.request('POST', '/v1/memories/search', { query: 'bees', user_id: 'mara' })

test('thirty days up to today, and what was done in them', async () => {
  const days = await usage()
  expect([days.length, days[0]?.day, days.at(-1)?.day]).toEqual([30, '2026-10-12', '2026-11-10'])
  await app.finished(await app.add(['Mara keeps bees.', 'Mara lives in Graz.']))
  const [memory] = await app.list()
  await app.request('DELETE', `/v1/memories/${memory?.id}?user_id=mara`)
  await search()
  await search()
  expect((await usage()).at(-1)).toEqual({
    day: '2026-11-10',
    runs: { accepted: 2, completed: 2, partial: 0, failed: 0, cancelled: 0 },
    operations: { created: 2, updated: 0, deleted: 1 },
    searches: 2,
    tokens: { input: 0, output: 0 },
    cost: 0,
  })
})

test('a new day begins at midnight in UTC', async () => {
  now = Date.parse('2026-11-11T00:00:00Z')
  await search()
  expect(await usage('?from=2026-11-10')).toMatchObject([
    { day: '2026-11-10', searches: 2 },
    { day: '2026-11-11', searches: 1, runs: { accepted: 0 } },
  ])
})

test('what was refused, and reads of other kinds, are no searches', async () => {
  const before = (await usage()).at(-1)
  await app.request('POST', '/v1/memories/search', { query: 'bees' })
  await app.list()
  expect((await usage()).at(-1)).toEqual(before)
})

test('searches survive a stop of the server', async () => {
  const { body: tenant } = await app.request<{ key: string }>('POST', '/v1/projects', { name: 'resting' })
  const as = { key: tenant.key }
  await app.request('POST', '/v1/memories/search', { query: 'x', user_id: 'mara' }, as)
  await app.finished(await app.add('Bees.', {}, as), as)
  const { body } = await app.request<Days>('GET', '/v1/usage?from=2026-11-11', undefined, as)
  expect(body.days).toMatchObject([{ runs: { accepted: 1 } }])
})

test('an operator sees every project’s days, page by page', async () => {
  const all = await app.request<Days>('GET', '/v1/projects/usage?from=2026-11-10&to=2026-11-11')
  expect(all.body.next_cursor).toBeNull()
  expect(all.body.days.map(({ day }) => day)).toEqual(['2026-11-10', '2026-11-11', '2026-11-11'])
  expect(new Set(all.body.days.map(({ project_id }) => project_id)).size).toBe(2)
  const paged: Day[] = []
  let cursor: string | null | undefined = ''
  do {
    const query: string = `from=2026-11-10&limit=1${cursor && `&cursor=${cursor}`}`
    const { body }: { body: Days } = await app.request<Days>('GET', `/v1/projects/usage?${query}`)
    paged.push(...body.days)
    cursor = body.next_cursor
  } while (cursor)
  expect(paged).toEqual(all.body.days)
})

test.each([
  ['from=2026-11-12&to=2026-11-11', 400, 'invalid_request'],
  ['from=2024-11-11', 400, 'invalid_request'],
  ['from=2026-02-30', 422, 'invalid_body'],
  ['from=2026-13-01', 422, 'invalid_body'],
  ['to=0000-01-01', 422, 'invalid_body'],
  ['to=1969-12-31', 422, 'invalid_body'],
  ['from=yesterday', 422, 'invalid_body'],
  ['from=2026-11-01T00:00:00Z', 422, 'invalid_body'],
])('%s is refused', async (query, status, code) => {
  for (const path of ['/v1/usage', '/v1/projects/usage'])
    expect(await app.request('GET', `${path}?${query}`)).toMatchObject({ status, body: { code } })
})

test('a period may be long ago or to come, and 366 days long', async () => {
  expect(await usage('?from=1970-01-01&to=1970-01-01')).toMatchObject([{ day: '1970-01-01', searches: 0 }])
  expect(await usage('?to=1970-01-01')).toHaveLength(1)
  expect(await usage('?from=9999-12-31&to=9999-12-31')).toHaveLength(1)
  expect(await usage('?from=2023-11-11&to=2024-11-10')).toHaveLength(366)
})
