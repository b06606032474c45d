/** The pages of Flowyble on running agents and tools, and on inbound webhooks. */
import { expect } from 'vitest'
import {
  type Choice,
  type DocumentedError,
  type DocumentedObject,
  field,
  inOrder,
  type Json,
  type PublishedDocument,
} from './document.ts'

const statuses = {
  Pending: 'table of statuses: queued',
  Running: 'table of statuses: picked up by a worker',
  Completed: 'table of statuses: has its final output',
  Failed: 'table of statuses: has its error message',
}
const ended = ['Completed', 'Failed', 'Cancelled']
const begun = ['Running', ...ended]

const times = {
  createdAt: field('instant', 'table of fields: queued'),
  startedAt: field('instant', 'table of fields: picked up, or null', { set: { within: begun } }),
  finishedAt: field('instant', 'table of fields: ended, or null', { set: { only: ended } }),
}

const agentRun = {
  id: field('uuid', 'status of an agent run, table of fields'),
  agentId: field('uuid', 'status of an agent run, table of fields'),
  status: field('text', 'status of an agent run, table of fields'),
  userMessage: field('text', 'status of an agent run, table of fields: the input'),
  finalOutput: field('text', 'table of fields: present when Completed', { set: { only: ['Completed'] } }),
  errorMessage: field('text', 'table of fields: set when Failed', { set: { only: ['Failed'] } }),
  stepsExecuted: field('count', 'table of fields: calls to the model'),
  tokensUsed: field('count', 'table of fields: input and output over all calls'),
  actionsUsed: field('count', 'table of fields: executions of tools'),
  creditsUsed: field('decimal', 'table of fields: a decimal, e.g. 0.85'),
  ...times,
}
const hasOrder = ({ createdAt, startedAt, finishedAt }: Json) => inOrder(createdAt, startedAt, finishedAt)
const hasDuration = ({ status, duration }: Json) =>
  !['Completed', 'Failed'].includes(String(status)) || duration !== null
const hasStarted = ({ status, startedAt }: Json) =>
  !['Running', 'Completed', 'Failed'].includes(String(status)) || startedAt !== null

const toolRun = {
  id: field('uuid', 'status of a tool run, table of fields'),
  toolId: field('uuid', 'status of a tool run, table of fields'),
  status: field('text', 'status of a tool run, table of fields'),
  statusInt: field('count', 'status of a tool run: 0 to 3'),
  errorMessage: field('text', 'status of a tool run: set when Failed', { set: { only: ['Failed'] } }),
  tokensUsed: field('count', 'status of a tool run, table of fields'),
  actionsUsed: field('count', 'status of a tool run, table of fields'),
  duration: field('count', 'status of a tool run: milliseconds', { set: { within: ended } }),
}
const numbers = ['Pending', 'Running', 'Completed', 'Failed', 'Cancelled']
const hasNumber = ({ status, statusInt }: Json) => numbers.indexOf(String(status)) === statusInt

const steps = (body: Json) => body.steps as readonly (Json & { tokenUsage: Record<string, number> })[] // safety: seen as objects
const tokensOf = (body: Json) =>
  steps(body)
    .flatMap(({ tokenUsage }) => Object.values(tokenUsage))
    .reduce((sum, count) => sum + count, 0)

/** The documented envelope, with the `code` that this server adds. */
const refusal = (place: string, status: number, code: string, added: object = {}): DocumentedError => ({
  ...{ place, status, contentType: 'application/json' },
  body: { success: false, message: expect.stringMatching(/\w/), code, ...added },
})
const details = { details: expect.any(Array) }
const noCredits = (place: string): DocumentedError => ({
  ...refusal(place, 400, 'insufficient_credits'),
  body: { success: false, message: 'Insufficient credits', code: 'insufficient_credits', ...details },
})
const page = 'wires/flowyble.md'
const noPlan: Choice = {
  place: 'run an agent, run a tool: 403',
  ...{ documented: 'the plan lacks the API', here: 'the key lacks the scope' },
  ...{ page, says: '| the plan must include API access (403) | a key must have the scope |' },
  answer: refusal('', 403, 'forbidden'),
}

const noRate: Choice = {
  place: 'run an agent, run a tool: 429',
  ...{ documented: 'more than 100 requests in a minute', here: 'too many runs wait' },
  ...{ page, says: '| rate limit of 100 requests a minute | none |' },
  answer: { ...refusal('', 429, 'queue_full'), headers: { 'retry-after': /^[1-9]\d*$/ } },
}

const started = (said: string): DocumentedObject => ({
  place: 'run an agent, run a tool: response',
  fields: {
    ...{ success: field('flag', 'accept envelope'), id: field('uuid', 'accept envelope') },
    ...{ status: field('text', 'accept envelope'), message: field('text', 'accept envelope') },
  },
  rules: {
    'it says so': ({ success, status, message }) =>
      success === true && status === 'Pending' && message === said,
  },
})

export const flowyble: PublishedDocument = {
  name: 'Flowyble',
  objects: {
    'started agent': started('Agent run started'),
    'started tool': started('Tool run started'),
    'webhook taken': {
      place: 'inbound webhook, response',
      fields: {
        success: field('flag', 'response of a webhook'),
        runId: field('uuid', 'response of a webhook: not id'),
        type: field('text', 'response of a webhook: agent or tool'),
      },
      rules: { success: ({ success }) => success === true },
      cases: { agent: ({ type }) => type === 'agent', tool: ({ type }) => type === 'tool' },
      isClosed: true,
    },
    'agent run': {
      place: 'status of an agent run',
      statuses: { ...statuses, Cancelled: 'table of statuses: by user or system' },
      fields: agentRun,
      rules: {
        'times are in order': hasOrder,
        'what was picked up says when': hasStarted,
        'no envelope': (body) => !('success' in body),
      },
      cases: {
        'credits with two places': ({ creditsUsed }) => creditsUsed === 0.85,
        'a failed run keeps its charge': ({ status, creditsUsed }) =>
          status === 'Failed' && Number(creditsUsed) > 0,
        'a running run counts what it has done': ({ status, actionsUsed }) =>
          status === 'Running' && actionsUsed === 1,
        'the step limit is no failure': ({ status, stopReason }) =>
          status === 'Completed' && stopReason === 'max_steps',
      },
    },
    'agent run with steps': {
      place: 'details of an agent run',
      fields: { ...agentRun, steps: field('objects', 'details of an agent run: steps[]') },
      rules: {
        'actionsUsed is the number of steps': (body) => body.actionsUsed === steps(body).length,
        'tokensUsed has the answering call too': (body) => Number(body.tokensUsed) >= tokensOf(body),
        'stepNumber is sequential': (body) =>
          steps(body).every(({ stepNumber }, index) => stepNumber === index + 1),
      },
      cases: {
        'as in the example: three executed, two listed, 2,220 of 2,450 tokens in them': (body) =>
          body.stepsExecuted === 3 &&
          steps(body).length === 2 &&
          tokensOf(body) === 2_220 &&
          body.tokensUsed === 2_450,
      },
    },
    step: {
      place: 'details of an agent run, table of step fields',
      fields: {
        stepNumber: field('count', 'table of step fields: sequential'),
        iterationNumber: field('count', 'table of step fields: of the model'),
        toolName: field('text', 'table of step fields'),
        inputData: field('JSON in a text', 'table of step fields'),
        outputData: field('JSON in a text', 'table of step fields'),
        reasoning: field('text, maybe empty', 'table of step fields: what the model said before'),
        tokenUsage: field('object', 'table of step fields'),
        duration: field('count', 'table of step fields: milliseconds'),
      },
      cases: { 'with reasoning': ({ reasoning }) => reasoning === 'I look it up.' },
    },
    'token usage': {
      place: 'details of an agent run, tokenUsage',
      fields: {
        inputTokens: field('count', 'tokenUsage of a step'),
        outputTokens: field('count', 'tokenUsage of a step'),
      },
      isClosed: true,
    },
    'tool run': {
      place: 'status of a tool run',
      statuses: { ...statuses, Cancelled: 'of agents; tools here have it too' },
      fields: { ...toolRun, ...times },
      rules: {
        'statusInt counts the statuses': hasNumber,
        'times are in order': hasOrder,
        'what was picked up says when': hasStarted,
        'what was worked on says how long': hasDuration,
        'no credits': (body) => !('creditsUsed' in body),
      },
    },
    'tool result': {
      place: 'result of a tool run',
      fields: {
        ...toolRun,
        toolName: field('text', 'result of a tool run, table of fields'),
        inputData: field('JSON in a text', 'result of a tool run, table of fields'),
        outputData: field('JSON in a text', 'result of a tool run', { set: { only: ['Completed'] } }),
        outputSchema: field('JSON in a text', 'result of a tool run: a JSON Schema'),
      },
      rules: { 'statusInt counts the statuses': hasNumber, 'what was worked on says how long': hasDuration },
    },
  },
  errors: {
    'agent: invalid request': refusal('run an agent, 400', 400, 'invalid_body', details),
    'agent: inactive': refusal('run an agent, 400', 400, 'inactive'),
    'agent: insufficient credits': noCredits('run an agent, 400; error envelope'),
    'agent: no key': refusal('run an agent, 401', 401, 'unauthorized'),
    'agent: bad key': refusal('run an agent, 401', 401, 'unauthorized'),
    'agent: not found': refusal('run an agent, 404', 404, 'not_found'),
    'agent run: bad key': refusal('authentication, 401', 401, 'unauthorized'),
    'tool: invalid request': refusal('run a tool, 400', 400, 'invalid_body', details),
    'tool: insufficient credits': noCredits('run a tool, 400; error envelope'),
    'tool: bad key': refusal('run a tool, 401', 401, 'unauthorized'),
    'tool: not found': refusal('run a tool, 404', 404, 'not_found'),
    'webhook: invalid': refusal('inbound webhook, 400', 400, 'invalid_body', details),
    'webhook: insufficient credits': noCredits('inbound webhook, 400'),
    'webhook: misconfigured': refusal('inbound webhook, 400', 400, 'inactive'),
    'webhook: bad signature': refusal('inbound webhook, 401', 401, 'unauthorized'),
    'webhook: unknown token': refusal('inbound webhook, 404', 404, 'not_found'),
    'webhook: too often': {
      ...refusal('inbound webhook, 429: 30 in a minute', 429, 'rate_limited'),
      headers: { 'retry-after': /^[1-9]\d*$/ },
    },
  },
  promises: {},
  choices: {
    'agent: the plan has no API access': noPlan,
    'tool: the plan has no API access': noPlan,
    'agent: rate limit': noRate,
    'tool: rate limit': noRate,
    'unknown run': {
      place: 'status of an agent run has no errors',
      ...{ documented: 'nothing is said', here: '404' },
      ...{ page, says: '| unknown or foreign run | 404 |' },
      answer: refusal('', 404, 'not_found'),
    },
    'a cancelled tool': {
      place: 'status of a tool run: statusInt ends at 3',
      ...{ documented: 'tools have no Cancelled', here: 'Cancelled is 4' },
      ...{ page, says: '| statuses of tools | `Cancelled` is 4 |' },
      answer: null,
    },
    'quality of a run': {
      place: 'execution page: score, verdict, issues',
      ...{ documented: 'a check of quality may follow a run', here: 'there is none' },
      ...{ page, says: 'the quality score of a run, and `ErrorAnalyzer`' },
      answer: null,
    },
  },
}
