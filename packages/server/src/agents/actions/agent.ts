/**
 * Another agent, asked by a run of its own. That run has the key of this step, so no attempt starts a second one; this run waits for
 * its end without taking a place of the worker, and when this run is to end, so is that one.
 */
import { ACTION_TEXT_LENGTH_MAX } from '../../kernel/limits.ts'
import { StepError } from '../../kernel/step-error.ts'
import type { Attempt } from '../../pipeline/step.ts'
import { awaitRun } from '../../runs/await-run.ts'
import type { Run } from '../../runs/run.ts'
import { RunCancelled } from '../../runs/run-cancelled.ts'
import type { ActionSpec } from '../action-spec.ts'
import type { ActionAnswer, ActionCall } from './action.ts'
import type { ActionDependencies, MadeActions } from './dependencies.ts'
import { startChildRun } from './start-child-run.ts'

type Spec = Extract<ActionSpec, { type: 'agent' }>

export const agentAction = (
  dependencies: ActionDependencies,
  _attempt: Attempt,
  { name, description, agentId }: Spec,
): MadeActions => ({
  actions: [
    {
      name,
      description,
      parameters: {
        type: 'object',
        properties: {
          message: {
            type: 'string',
            minLength: 1,
            maxLength: ACTION_TEXT_LENGTH_MAX,
            description: 'What it is asked or told. It sees nothing else.',
          },
        },
        required: ['message'],
        additionalProperties: false,
      },
      isLong: true,
      perform: (call) => ask(dependencies, agentId, call),
    },
  ],
})

const ask = async (
  dependencies: ActionDependencies,
  agentId: string,
  call: ActionCall,
): Promise<ActionAnswer> => {
  const { message } = call.arguments
  if (typeof message !== 'string') throw new Error('the arguments were not checked by their schema')
  const started = await startChildRun(dependencies, call, { agentId, message })
  if ('refusal' in started) return refused(started.refusal)
  const child = { projectId: call.attempt.run.projectId, runId: started.runId }
  try {
    const ended = await dependencies.park(call.attempt.run.runId, () =>
      awaitRun(dependencies, child, call.signal),
    )
    return ended === null ? refused(`its run ${child.runId} was removed`) : read(ended)
  } catch (error) {
    // A stopping server, or one that lost the claim, leaves it alone: the next attempt finds it.
    const { reason } = call.signal
    if (reason instanceof RunCancelled || reason instanceof StepError)
      await cancelChild(dependencies, call, child.runId)
    throw error
  }
}

const cancelChild = async (
  { clock, abortRun }: ActionDependencies,
  { attempt }: ActionCall,
  runId: string,
): Promise<void> => {
  const reason = 'the run that asked for it has ended'
  await attempt.storage.cancelRun({ runId, reason, now: clock.now() })
  abortRun(runId)
}

const refused = (error: string): ActionAnswer => ({ output: { error }, isError: true })

const read = ({ runId, state, result, error, cancelReason }: Run): ActionAnswer => {
  const answer = result?.finalOutput
  if (state === 'completed' && typeof answer === 'string') return { output: answer, isError: false }
  if (state === 'cancelled')
    return refused(`its run ${runId} was cancelled: ${cancelReason ?? 'no reason given'}`)
  return refused(
    `its run ${runId} ended without an answer: ${error === null ? state : `${error.stage} failed: ${error.detail}`}`,
  )
}
