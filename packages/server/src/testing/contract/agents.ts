import { type Attempt, type Contracts, nothing } from './contract.ts'

const unknown = (path: string, body?: object): readonly Attempt[] => [
  { path, ...(body !== undefined && { body }), expected: nothing('not_found', 404) },
]

const actions = [
  { type: 'memory_search', name: 'recall', description: 'Searches.', limit: 5 },
  { type: 'memory_add', name: 'keep', topic: 'UserKnowledge' },
  {
    type: 'http',
    name: 'weather',
    description: 'The weather of a city.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    request: {
      method: 'POST',
      url: 'https://weather.example/v1/{{args.city}}',
      headers: { accept: 'application/json' },
      query: { units: 'metric' },
      body: { city: '{{args.city}}' },
    },
    timeout: 5,
  },
  {
    type: 'mcp',
    name: 'files',
    url: 'https://mcp.example/mcp',
    headers: { 'x-tenant': 'one' },
    tools: ['read', 'write'],
  },
]

const agent = {
  name: 'concierge',
  instructions: 'Answer from what you remember.',
  model: 'recall',
  max_steps: 4,
  actions,
  group: 'default',
  conversation_memory: false,
  status: 'inactive',
}

const tool = {
  name: 'look up',
  description: 'Looks something up.',
  parameters: { type: 'object', properties: { query: { type: 'string' } } },
  steps: [{ name: 'search', action: actions[0], arguments: { query: '{{input.query}}' } }],
  output: { found: '{{steps.search}}' },
  output_schema: { type: 'object' },
  group: 'default',
  status: 'active',
}

const running = {
  user_id: 'mara',
  properties: {},
  tags: ['one'],
  metadata: { n: 1 },
  timeout: 30,
}

export const agentContracts: Contracts = {
  'GET /v1/agents': { scope: 'read', stranger: () => [{ expected: { status: 200, body: { agents: [] } } }] },
  'POST /v1/agents': {
    scope: 'admin',
    stranger: ({ agent: agentId }) => [
      {
        body: { name: 'spy', actions: [{ type: 'agent', name: 'ask', agent_id: agentId }] },
        expected: nothing('invalid_body', 422),
      },
    ],
    goodBodies: [agent],
  },
  'GET /v1/agents/{agent_id}': {
    scope: 'read',
    stranger: ({ agent: id }) => unknown(`/v1/agents/${id}`),
  },
  'PATCH /v1/agents/{agent_id}': {
    scope: 'admin',
    stranger: ({ agent: id }) => unknown(`/v1/agents/${id}`, { name: 'mine' }),
    goodBodies: [{ ...agent, expected_version: 1 }],
  },
  'DELETE /v1/agents/{agent_id}': {
    scope: 'admin',
    stranger: ({ agent: id }) => unknown(`/v1/agents/${id}`),
  },
  'POST /v1/agents/{agent_id}/runs': {
    scope: 'write',
    stranger: ({ agent: id }) => unknown(`/v1/agents/${id}/runs`, { user_message: 'Hello?' }),
    goodBodies: [
      {
        user_message: 'How many hives?',
        inputs: { city: 'Graz', days: 3, formal: true },
        conversation_id: 'c-1',
        max_steps: 2,
        max_tokens: 1_000,
        max_credits: '0.5',
        output_schema: { type: 'object' },
        webhook: { url: 'https://receiver.example/hook', events: ['run.failed'] },
        ...running,
      },
    ],
  },
  'GET /v1/agents/{agent_id}/runs': {
    scope: 'read',
    stranger: ({ agent: id }) => unknown(`/v1/agents/${id}/runs`),
  },
  'GET /v1/agents/{agent_id}/runs/{run_id}': {
    scope: 'read',
    stranger: ({ agent: id, run }) => [
      { path: `/v1/agents/${id}/runs/${run}`, expected: nothing('foreign_resource', 403) },
    ],
  },
  'GET /v1/tools': { scope: 'read', stranger: () => [{ expected: { status: 200, body: { tools: [] } } }] },
  'POST /v1/tools': {
    scope: 'admin',
    stranger: ({ agent: agentId }) => [
      {
        body: {
          name: 'spy',
          steps: [{ name: 'ask', action: { type: 'agent', name: 'ask', agent_id: agentId } }],
        },
        expected: nothing('invalid_body', 422),
      },
    ],
    goodBodies: [tool],
  },
  'GET /v1/tools/{tool_id}': { scope: 'read', stranger: ({ tool: id }) => unknown(`/v1/tools/${id}`) },
  'PATCH /v1/tools/{tool_id}': {
    scope: 'admin',
    stranger: ({ tool: id }) => unknown(`/v1/tools/${id}`, { name: 'mine' }),
    goodBodies: [{ ...tool, expected_version: 1 }],
  },
  'DELETE /v1/tools/{tool_id}': { scope: 'admin', stranger: ({ tool: id }) => unknown(`/v1/tools/${id}`) },
  'POST /v1/tools/{tool_id}/runs': {
    scope: 'write',
    stranger: ({ tool: id }) => unknown(`/v1/tools/${id}/runs`, { input: {} }),
    goodBodies: [{ input: { query: 'hives' }, ...running }],
  },
  'GET /v1/tools/{tool_id}/runs': {
    scope: 'read',
    stranger: ({ tool: id }) => unknown(`/v1/tools/${id}/runs`),
  },
  'GET /v1/tools/{tool_id}/runs/{run_id}': {
    scope: 'read',
    stranger: ({ tool: id, run }) => [
      { path: `/v1/tools/${id}/runs/${run}`, expected: nothing('foreign_resource', 403) },
    ],
  },
  'GET /v1/triggers': {
    scope: 'admin',
    stranger: () => [{ expected: { status: 200, body: { triggers: [] } } }],
  },
  'POST /v1/triggers': {
    scope: 'admin',
    stranger: ({ agent: id }) => [
      { body: { name: 'spy', target: { type: 'agent', id } }, expected: nothing('not_found', 404) },
    ],
    goodBodies: [
      {
        name: 'from the shop',
        target: { type: 'tool', id: '01a206d6-b94d-7475-acf8-b2edeb3ff0bc' },
        secret: 'a secret of the shop',
      },
    ],
  },
  'DELETE /v1/triggers/{trigger_id}': {
    scope: 'admin',
    stranger: ({ trigger }) => unknown(`/v1/triggers/${trigger}`),
  },
  'GET /v1/secrets': {
    scope: 'admin',
    stranger: () => [{ expected: { status: 200 } }],
  },
  'PUT /v1/secrets/{secret_name}': {
    scope: 'admin',
    // The project has one of this name, which stays as it is.
    stranger: () => [
      { path: '/v1/secrets/VAULT', body: { value: 'of the stranger' }, expected: { status: 200 } },
    ],
    goodBodies: [{ value: 'a value' }],
  },
  'DELETE /v1/secrets/{secret_name}': {
    scope: 'admin',
    stranger: () => unknown('/v1/secrets/OTHER_VAULT'),
  },
  'GET /v1/credits': {
    scope: 'read',
    stranger: () => [{ expected: { status: 200, body: { balance: null } } }],
  },
  'PATCH /v1/credits': {
    scope: 'admin',
    stranger: () => [{ body: { caps: { tokens: 5 } }, expected: { status: 200 } }],
    goodBodies: [
      {
        rates: { models: { '*': { input: '0.1', output: '0.3' } }, action: '0.05' },
        caps: { tokens: 1_000, actions: 10, credits: '5.5' },
      },
    ],
  },
  'POST /v1/credits/grants': {
    scope: 'admin',
    stranger: () => [{ body: { amount: '7' }, expected: { status: 200 } }],
    goodBodies: [{ amount: '-1.5' }],
  },
  'GET /v1/credits/transactions': {
    scope: 'read',
    stranger: ({ run }) => [
      {
        path: `/v1/credits/transactions?run_id=${run}`,
        expected: { status: 200, body: { transactions: [] } },
      },
    ],
  },
}
