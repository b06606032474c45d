import type { LogLevel } from '../kernel/log.ts'
import { templateNames } from '../projects/templates.ts'
import type { EventDetail } from '../runs/run.ts'
import type { Config } from './config.ts'
import { limitSettings } from './limit-settings.ts'
import { defineSetting, type Setting } from './setting.ts'

// The lists stand here too because client commands must not load what the server is made of.
const eventDetails = ['all', 'outcomes'] as const satisfies readonly EventDetail[]
const modelProviders = [
  'none',
  'openai-compatible',
  'anthropic',
] as const satisfies readonly Config['modelProvider'][]
const wireNames = ['gomemory', 'synap', 'flowyble']
const relationships = ['b2c', 'b2b']
const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const satisfies readonly LogLevel[]

/** THE list of settings. Flags, variables, members of the file, the help and `remanence config` all follow from it. */
export const settings: readonly Setting[] = [
  defineSetting('host', {
    placeholder: 'HOST',
    description: 'address to listen on; 0.0.0.0 is every IPv4 address of this machine',
    schema: { type: 'string', pattern: '^[^\\s/]+$', description: 'a host name or an IP address' },
    default: '127.0.0.1',
  }),
  defineSetting('port', {
    placeholder: 'PORT',
    description: 'port to listen on; 0 takes any free one',
    schema: { type: 'integer', minimum: 0, maximum: 65_535 },
    default: 7090,
  }),
  defineSetting('dataDir', {
    placeholder: 'FOLDER',
    description: 'where everything is kept',
    schema: { type: 'string', pattern: '.', description: 'a folder' },
    default: '.remanence',
  }),
  defineSetting('apiKey', {
    placeholder: 'KEY',
    description: 'first key of the default project; without it, one is made at the first start',
    schema: {
      type: 'string',
      pattern: '^[\\x21-\\x7e]{8,256}$',
      description: '8 to 256 visible ASCII characters without blanks',
    },
    default: null,
    secret: true,
  }),
  defineSetting('template', {
    placeholder: 'NAME',
    description: `topics of the default group when it is made: ${templateNames.join(' or ')}`,
    schema: { type: 'string', enum: templateNames },
    default: 'personalization',
  }),
  defineSetting('logLevel', {
    placeholder: 'LEVEL',
    description: `how much to log on standard error: ${logLevels.join(', ')}`,
    schema: { type: 'string', enum: logLevels },
    default: 'warn',
  }),
  defineSetting('eventDetail', {
    placeholder: 'DETAIL',
    description: 'events that are written: all, or only outcomes, which takes less room and time',
    schema: { type: 'string', enum: eventDetails },
    default: 'all',
  }),
  defineSetting('metrics', {
    placeholder: 'ON_OR_OFF',
    description: 'whether /metrics answers: on or off',
    schema: { type: 'string', enum: ['on', 'off'] },
    default: 'on',
  }),
  defineSetting('wires', {
    placeholder: 'LIST',
    description: `APIs of other servers that are served too, separated by commas, or none: ${wireNames.join(',')}`,
    schema: {
      type: 'string',
      pattern: `^(none|(${wireNames.join('|')})(,(${wireNames.join('|')}))*)$`,
      description: `none, or some of ${wireNames.join(', ')}, separated by commas`,
    },
    default: wireNames.join(','),
  }),
  defineSetting('loopbackProject', {
    placeholder: 'NAME',
    description: 'project for programs of this machine that send no key, on wires whose clients send none',
    schema: { type: 'string', pattern: '.', description: 'the name of a project' },
    default: null,
  }),
  defineSetting('synapRelationship', {
    placeholder: 'B2C_OR_B2B',
    description:
      'whose memories they are on the synap wire: b2c, each user alone, or b2b, users of customers',
    schema: { type: 'string', enum: relationships },
    default: 'b2c',
  }),
  defineSetting('webhookAllow', {
    placeholder: 'LIST',
    description:
      'hosts and networks that webhooks and actions may reach although private, separated by commas',
    schema: {
      type: 'string',
      pattern: '.',
      description: 'hosts, addresses or networks, separated by commas',
    },
    default: null,
  }),
  defineSetting('otlpEndpoint', {
    placeholder: 'URL',
    description: 'collector to send traces to (OTLP over HTTP); none without it',
    schema: {
      type: 'string',
      pattern: '^https?://[^\\s?#@]+$',
      description: 'an address with http:// or https:// and no credentials, to which /v1/traces is added',
    },
    default: null,
    commonEnv: 'OTEL_EXPORTER_OTLP_ENDPOINT',
  }),
  defineSetting('otlpHeaders', {
    placeholder: 'PAIRS',
    description: 'headers for the collector: name=value,…, values percent-encoded',
    schema: {
      type: 'string',
      pattern:
        "^\\s*[\\w!#$%&'*+.^`|~-]+\\s*=(?:[\\x20-\\x24\\x26-\\x2b\\x2d-\\x7e]|%[2-7][0-9A-Fa-f])*(?:,\\s*[\\w!#$%&'*+.^`|~-]+\\s*=(?:[\\x20-\\x24\\x26-\\x2b\\x2d-\\x7e]|%[2-7][0-9A-Fa-f])*)*$",
      description: 'name=value, separated by commas',
    },
    default: null,
    secret: true,
    commonEnv: 'OTEL_EXPORTER_OTLP_HEADERS',
  }),
  defineSetting('serviceName', {
    placeholder: 'NAME',
    description: 'name of this server in traces',
    schema: { type: 'string', pattern: '^\\S.{0,199}$', description: 'a name of at most 200 characters' },
    default: 'remanence',
    commonEnv: 'OTEL_SERVICE_NAME',
  }),
  defineSetting('traceSamplePercent', {
    placeholder: 'PERCENT',
    description: 'share of the traces begun here that are sent, in percent',
    schema: { type: 'integer', minimum: 0, maximum: 100 },
    default: 100,
  }),
  defineSetting('modelProvider', {
    placeholder: 'NAME',
    description: `who serves language models: ${modelProviders.join(', ')}`,
    schema: { type: 'string', enum: modelProviders },
    default: 'none',
  }),
  defineSetting('modelUrl', {
    placeholder: 'URL',
    description: 'base address of the models, with its path; not needed for anthropic',
    schema: {
      type: 'string',
      pattern: '^https?://[^\\s?#@]+$',
      description: 'an address with http:// or https:// and no credentials, as https://models.example/v1',
    },
    default: null,
  }),
  defineSetting('modelKey', {
    placeholder: 'KEY',
    description: 'key for the models',
    schema: {
      type: 'string',
      pattern: '^[\\x21-\\x7e]{1,1024}$',
      description: '1 to 1024 visible ASCII characters without blanks',
    },
    default: null,
    secret: true,
  }),
  defineSetting('modelName', {
    placeholder: 'NAME',
    description: 'model of agents that name none',
    schema: {
      type: 'string',
      pattern: '^\\S{1,256}$',
      description: 'a name of at most 256 characters without blanks',
    },
    default: null,
  }),
  ...limitSettings,
]

/** Variables that are no settings: the file of settings, the address for the CLI, and the fail points of the tests. */
export const otherVariables: readonly string[] = ['REMANENCE_CONFIG', 'REMANENCE_URL', 'REMANENCE_FAIL_POINT']
