import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { defaultLimits } from '../kernel/limits.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { ConfigError, type ConfigSources, loadConfig } from './config.ts'
import { explainConfig } from './explain-config.ts'
import { settings } from './settings.ts'

let folder: string
let temporary: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  temporary = temporaryFolder()
  folder = temporary.path
})
afterEach(() => temporary[Symbol.dispose]())

const load = (sources: Partial<ConfigSources> = {}) =>
  loadConfig({ flags: {}, env: {}, workingFolder: folder, ...sources })

const writeFile = (content: unknown, name = 'remanence.json') => {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

const mistakesOf = (sources: Partial<ConfigSources> = {}): readonly string[] => {
  try {
    load(sources)
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes
    throw error
  }
  return []
}

test('without any source the defaults are in force', () => {
  const { config, warnings } = load()
  expect(config).toEqual({
    host: '127.0.0.1',
    port: 7090,
    dataDir: join(folder, '.remanence'),
    apiKey: null,
    template: 'personalization',
    logLevel: 'warn',
    eventDetail: 'all',
    wires: 'gomemory,synap,flowyble',
    loopbackProject: null,
    webhookAllow: null,
    metrics: 'on',
    otlpEndpoint: null,
    otlpHeaders: null,
    serviceName: 'remanence',
    traceSamplePercent: 100,
    modelProvider: 'none',
    modelUrl: null,
    modelKey: null,
    modelName: null,
    limits: defaultLimits,
  })
  expect(warnings).toEqual([])
})

test('flags go before variables, variables before the file, the file before defaults', () => {
  const path = writeFile({ host: 'a.example', port: 1, drainMs: 5, leaseMs: 200 })
  const { config, inForce } = load({
    flags: { port: '3' },
    env: { REMANENCE_PORT: '2', REMANENCE_DRAIN_MS: '6' },
  })
  expect(config).toMatchObject({ host: 'a.example', port: 3, limits: { drainMs: 6, leaseMs: 200 } })
  const origins = Object.fromEntries(inForce.map(({ setting, origin }) => [setting.name, origin]))
  expect(origins).toMatchObject({
    port: '--port',
    drainMs: 'REMANENCE_DRAIN_MS',
    host: path,
    logLevel: 'default',
  })
})

test('all mistakes are reported at once, with value, place and what is allowed', () => {
  const path = writeFile({ port: '7090', prot: 1 })
  const mistakes = mistakesOf({
    flags: { logLevel: 'loud' },
    env: { REMANENCE_LEASE_MS: '1e3', REMANENCE_API_KEY: 'a b' },
  })
  expect(mistakes).toEqual([
    `${path}: "prot" is no setting; did you mean port?`,
    `port is "7090" (from ${path}): it must be an integer from 0 to 65535`,
    'apiKey (from REMANENCE_API_KEY): it must be 8 to 256 visible ASCII characters without blanks',
    'logLevel is "loud" (from --log-level): it must be one of silent, error, warn, info, debug',
    'leaseMs is "1e3" (from REMANENCE_LEASE_MS): it must be an integer from 100 to 86400000',
  ])
})

test.each(['-1', '65536', '70.5', '', ' 80'])('%j is no port', (port) => {
  expect(mistakesOf({ flags: { port } })).toHaveLength(1)
})

test('settings that contradict each other are a mistake', () => {
  const [mistake] = mistakesOf({ env: { REMANENCE_RETRY_BASE_MS: '70000' } })
  expect(mistake).toContain('must not be more than retryMaxMs, 60000 (from default)')
})

test('models need to be found, named and paid for, and nothing is said in vain', () => {
  const mistakes = (flags: Record<string, string>) => mistakesOf({ flags })
  const local = { modelProvider: 'openai-compatible', modelUrl: 'http://127.0.0.1:1/v1', modelName: 'small' }
  const hosted = { modelProvider: 'anthropic', modelKey: 'sk-secret', modelName: 'large' }
  expect(load({ flags: local }).config).toMatchObject({ ...local, modelKey: null })
  expect(load({ flags: hosted }).config).toMatchObject({ ...hosted, modelUrl: null })
  expect(mistakes({ modelProvider: 'openai-compatible' })).toEqual([
    'modelProvider is openai-compatible (from --model-provider): it needs modelUrl',
    'modelProvider is openai-compatible (from --model-provider): it needs modelName',
  ])
  expect(mistakes({ modelProvider: 'anthropic', modelName: 'large' })).toEqual([
    'modelProvider is anthropic (from --model-provider): it needs modelKey, or the modelUrl of a server that asks for none',
  ])
  expect(mistakes({ modelKey: 'sk-secret', modelName: 'large' })).toEqual([
    'modelKey (from --model-key) says nothing while modelProvider is none (from default)',
    'modelName (from --model-name) says nothing while modelProvider is none (from default)',
  ])
  expect(mistakes({ ...local, modelUrl: 'http://user:pass@models' })).toHaveLength(1)
  expect(mistakes({ ...hosted, modelKey: 'sk secret' })).toEqual([
    'modelKey (from --model-key): it must be 1 to 1024 visible ASCII characters without blanks',
  ])
})

test('an empty variable counts as absent', () => {
  expect(load({ env: { REMANENCE_PORT: '', REMANENCE_API_KEY: '' } }).config.port).toBe(7090)
})

test('variables that other programs have for the same count where nothing else says', () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_SERVICE_NAME: 'memory' }
  const common = load({ env })
  expect(common.config).toMatchObject({ otlpEndpoint: 'http://collector:4318', serviceName: 'memory' })
  const origin = common.inForce.find(({ setting }) => setting.name === 'otlpEndpoint')?.origin
  expect(origin).toBe('OTEL_EXPORTER_OTLP_ENDPOINT')
  expect(load({ env: { ...env, REMANENCE_SERVICE_NAME: 'ours' } }).config.serviceName).toBe('ours')
  writeFile({ otlpEndpoint: 'https://elsewhere' })
  expect(load({ env }).config.otlpEndpoint).toBe('https://elsewhere')
})

test.each(['collector:4318', 'ftp://collector', 'http://user:pass@collector', 'http://a b', 'http://a?b'])(
  '%j is no address of a collector',
  (otlpEndpoint) => {
    expect(mistakesOf({ flags: { otlpEndpoint } })).toHaveLength(1)
  },
)

test.each(['a', '=b', 'a=b,', 'a=%zz', 'a=%ff', 'a=ä', 'a b=c'])(
  '%j are no headers, and are not shown',
  (otlpHeaders) => {
    const [mistake, ...others] = mistakesOf({ env: { OTEL_EXPORTER_OTLP_HEADERS: otlpHeaders } })
    expect(mistake).toBe(
      'otlpHeaders (from OTEL_EXPORTER_OTLP_HEADERS): it must be name=value, separated by commas',
    )
    expect(others).toEqual([])
  },
)

test('a named file must be there, be JSON, and be an object', () => {
  expect(mistakesOf({ flags: { config: 'none.json' } })[0]).toContain('there is no such file')
  writeFile('{', 'broken.json')
  expect(mistakesOf({ env: { REMANENCE_CONFIG: 'broken.json' } })[0]).toContain('is not valid JSON')
  writeFile([], 'list.json')
  expect(mistakesOf({ flags: { config: 'list.json' } })[0]).toContain('must hold a JSON object')
})

test('a relative data folder is one of the place it was written in', () => {
  writeFile({ dataDir: 'data' })
  const elsewhere = join(folder, '..')
  const flags = { config: join(folder, 'remanence.json') }
  expect(load({ workingFolder: elsewhere, flags }).config.dataDir).toBe(join(folder, 'data'))
  const env = { REMANENCE_DATA_DIR: 'data' }
  expect(load({ workingFolder: elsewhere, flags, env }).config.dataDir).toBe(join(elsewhere, 'data'))
})

test('a variable that is almost a setting is warned of, any other is not', () => {
  const env = { REMANENCE_PROT: '1', REMANENCE_URL: 'http://a', REMANENCE_SOMETHING_ELSE: '1', PORT: '1' }
  expect(load({ env }).warnings).toEqual(['REMANENCE_PROT is no setting; did you mean REMANENCE_PORT?'])
})

test('the configuration is frozen, limits too', () => {
  const { config } = load()
  expect([Object.isFrozen(config), Object.isFrozen(config.limits)]).toEqual([true, true])
})

test('an explanation shows secrets by their prefix only', () => {
  const { inForce } = load({ env: { REMANENCE_API_KEY: 'rem_0123456789abcdef' } })
  expect(explainConfig(inForce).find(({ name }) => name === 'apiKey')?.value).toBe('rem_0…')
})

test('every default is admitted by its own schema, and every limit is a setting', () => {
  const limits = settings.filter((setting) => setting.isLimit)
  expect(limits.map(({ name }) => name).sort()).toEqual(Object.keys(defaultLimits).sort())
  for (const { name, schema, default: value } of limits) {
    expect([name, schema]).toEqual([name, expect.objectContaining({ type: 'integer' })])
    if (schema.type !== 'integer') continue
    expect(value).toBeGreaterThanOrEqual(schema.minimum)
    expect(value).toBeLessThanOrEqual(schema.maximum)
  }
})
