/** Runs of agents are runs: what they committed can be taken back, a failure tried again, their input replayed. */
import { expect, test } from 'vitest'
import { prepareAgentRuns } from '../testing/agent-runs.ts'
import { type ProviderScript, startProvider } from '../testing/provider.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { type RunBody, startTestApp, type TestAppOptions } from '../testing/test-app.ts'
import type { ActionSpec } from './action-spec.ts'

const keep: ActionSpec = {
  ...{ name: 'keep', description: 'Keeps.', type: 'memory_add', topic: 'UserKnowledge' },
}
const call = (content: string) => ({ toolCalls: [{ name: 'keep', arguments: { content } }] })

/** A server in whose store is a run of an agent that may keep things, with a provider that answers so. */
const startWithRun = async (answers: ProviderScript['answers'], options: TestAppOptions = {}) => {
  await using stack = new AsyncDisposableStack()
  const { path: dataDir } = stack.use(temporaryFolder())
  const provider = stack.use(await startProvider({ answers }))
  await (await startTestApp({ dataDir })).stop()
  const [runId = ''] = await prepareAgentRuns(dataDir, [
    { userMessage: 'Keep this.', userId: 'mara', conversationId: 'c', agent: { actions: [keep] } },
  ])
  const where = { modelUrl: `${provider.url}/v1`, modelName: 'small' }
  const models = { modelProvider: 'openai-compatible' as const, ...where }
  const app = stack.use(await startTestApp({ ...options, dataDir, models }))
  const resources = stack.move()
  const contents = async () => (await app.list()).map(({ content }) => content)
  return { app, provider, runId, contents, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}

test('what an agent kept is in the history as its work, and an undo takes it back', async () => {
  await using it = await startWithRun([call('Mara keeps bees.'), call('Mara rows.'), 'Kept.'])
  const { app, runId } = it
  const run = await app.finished(runId)
  expect(run).toMatchObject({ state: 'completed', outcome: 'committed', counts: { created: 2 } })
  expect((await it.contents()).toSorted()).toEqual(['Mara keeps bees.', 'Mara rows.'])
  const memoryId = run.committed_operations?.created?.[0]?.memory_id
  const history = await app.request('GET', `/v1/memories/${memoryId}/history?user_id=mara`)
  expect(history.body).toMatchObject({ versions: [{ run_id: runId }] })
  const undo = await app.request<RunBody>('POST', `/v1/runs/${runId}/undo`, {})
  expect(await app.finished(undo.body.run_id)).toMatchObject({ state: 'completed', counts: { deleted: 2 } })
  expect(await it.contents()).toEqual([])
  expect(await app.finished(runId)).toMatchObject({ undone_by: undo.body.run_id })
})

test('a run that failed behind what it kept is partial, and a retry goes on from there', async () => {
  await using it = await startWithRun([call('Mara keeps bees.'), { status: 400 }, 'Kept.'])
  const { app, runId, provider } = it
  expect(await app.finished(runId)).toMatchObject({ state: 'partial', counts: { created: 1 } })
  await app.request('POST', `/v1/runs/${runId}/retry`, {})
  expect(await app.finished(runId)).toMatchObject({
    ...{ state: 'completed', attempt: 2, counts: { created: 1 } },
    result: { final_output: 'Kept.' },
  })
  expect(provider.requests).toHaveLength(3)
  expect(await it.contents()).toEqual(['Mara keeps bees.'])
})

test('a retry from a step does it and what came after it again', async () => {
  await using it = await startWithRun([
    ...[call('Mara keeps bees.'), { status: 400 }, call('Mara keeps bees.'), 'Kept.'],
  ])
  const { app, runId, provider } = it
  await app.finished(runId)
  await app.request('POST', `/v1/runs/${runId}/retry`, { starting_step: 'model-1' })
  expect(await app.finished(runId)).toMatchObject({
    ...{ state: 'completed', counts: { created: 1, unchanged: 1 } },
  })
  expect(provider.requests).toHaveLength(4)
})

test('a replay is a new run of the same agent on the same message, in the same conversation', async () => {
  await using it = await startWithRun(['One.', 'Two.'])
  const { app, runId } = it
  await app.finished(runId)
  const replay = await app.request<RunBody>('POST', `/v1/runs/${runId}/replay`, {})
  expect(replay).toMatchObject({ status: 200, body: { replay_of: runId, input_type: 'agent' } })
  expect(await app.finished(replay.body.run_id)).toMatchObject({
    ...{ state: 'completed', result: { final_output: 'Two.', stop_reason: 'final_answer' } },
  })
  expect(it.provider.requests[1]?.body).toMatchObject({
    messages: [{}, { content: 'Keep this.' }, { content: 'One.' }, { content: 'Keep this.' }],
  })
})
