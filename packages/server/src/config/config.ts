/**
 * The configuration: flags, before `REMANENCE_*` variables, before the file, before defaults. It is read once, checked as a
 * whole, and never changes.
 */
import { resolve } from 'node:path'
import type { Limits } from '../kernel/limits.ts'
import type { LogLevel } from '../kernel/log.ts'
import { allowMistakes } from '../outbound/addresses.ts'
import type { TemplateName } from '../projects/templates.ts'
import type { EventDetail } from '../runs/run.ts'
import { type ConfigFile, readConfigFile } from './config-file.ts'
import { findMisspelt } from './misspelt.ts'
import { modelMistakes } from './model-mistakes.ts'
import { describeSchema, readText, readValue, type Setting, type SettingValue } from './setting.ts'
import { settings } from './settings.ts'

export type Config = {
  readonly host: string
  readonly port: number
  /** Absolute. */
  readonly dataDir: string
  readonly apiKey: string | null
  readonly template: TemplateName
  readonly logLevel: LogLevel
  readonly eventDetail: EventDetail
  /** Names of wires, separated by commas, or `none`. */
  readonly wires: string
  /** Programs of this machine that send no key are let into this project, on wires whose clients send none. */
  readonly loopbackProject: string | null
  /** On the wire of Synap: whether users stand for themselves or belong to customers. */
  readonly synapRelationship: 'b2c' | 'b2b'
  /** Hosts, addresses and networks that webhooks may reach although they are not public. */
  readonly webhookAllow: string | null
  readonly metrics: 'on' | 'off'
  readonly otlpEndpoint: string | null
  readonly otlpHeaders: string | null
  readonly serviceName: string
  readonly traceSamplePercent: number
  /** Who serves language models to agents. */
  readonly modelProvider: 'openai-compatible' | 'anthropic' | 'none'
  readonly modelUrl: string | null
  readonly modelKey: string | null
  readonly modelName: string | null
  readonly limits: Limits
}

/** A setting in force, and where its value comes from: `--port`, `REMANENCE_PORT`, a file, or `default`. */
export type SettingInForce = {
  readonly setting: Setting
  readonly value: SettingValue
  readonly origin: string
}

export type LoadedConfig = {
  readonly config: Config
  readonly inForce: readonly SettingInForce[]
  /** Sentences about what is no mistake but looks like one. */
  readonly warnings: readonly string[]
}

/** What the configuration is made from. Flags are named as settings; an empty variable counts as absent. */
export type ConfigSources = {
  readonly flags: Readonly<Record<string, string | undefined>>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly workingFolder: string
}

/** Everything that is wrong with the configuration, one sentence each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'))
    this.mistakes = mistakes
  }
}

/** Throws a `ConfigError` that names every mistake. */
export const loadConfig = (sources: ConfigSources): LoadedConfig => {
  const { file, mistakes: fileMistakes } = readConfigFile(sources, settings)
  const findings = settings.map((setting) => findValue(setting, sources, file))
  const mistakes = [
    ...fileMistakes,
    ...findings.flatMap((finding) => ('mistake' in finding ? finding.mistake : [])),
  ]
  const inForce = findings.flatMap((finding) => ('mistake' in finding ? [] : finding))
  if (mistakes.length === 0)
    mistakes.push(...contradictions(inForce), ...wrongTargets(inForce), ...modelMistakes(inForce))
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  return { config: toConfig(inForce), inForce, warnings: findMisspelt(sources.env, settings) }
}

const findValue = (
  setting: Setting,
  { flags, env, workingFolder }: ConfigSources,
  file: ConfigFile | null,
): SettingInForce | { readonly mistake: string } => {
  const check = (raw: unknown, value: SettingValue | undefined, origin: string) =>
    value === undefined
      ? { mistake: mistakeOf(setting, raw, origin) }
      : {
          setting,
          value: absolute(setting, value, origin === file?.path ? file.folder : workingFolder),
          origin,
        }
  const flag = flags[setting.name]
  if (flag !== undefined) return check(flag, readText(setting.schema, flag), setting.flag)
  const variable = env[setting.env]
  if (variable) return check(variable, readText(setting.schema, variable), setting.env)
  const member = file?.members[setting.name]
  if (file && member !== undefined) return check(member, readValue(setting.schema, member), file.path)
  const common = setting.commonEnv
  const commonVariable = common === null ? undefined : env[common]
  if (common !== null && commonVariable)
    return check(commonVariable, readText(setting.schema, commonVariable), common)
  return check(setting.default, setting.default, 'default')
}

/** A relative folder is one of the place it was written in. */
const absolute = (setting: Setting, value: SettingValue, folder: string): SettingValue =>
  setting.name === 'dataDir' ? resolve(folder, String(value)) : value

const mistakeOf = (setting: Setting, raw: unknown, origin: string): string => {
  const shown = setting.secret ? '' : ` is ${JSON.stringify(raw)}`
  return `${setting.name}${shown} (from ${origin}): it must be ${describeSchema(setting.schema)}`
}

const contradictions = (inForce: readonly SettingInForce[]): string[] => {
  const [base, max] = ['retryBaseMs', 'retryMaxMs'].map((name) =>
    inForce.find((one) => one.setting.name === name),
  )
  if (!base || !max || Number(base.value) <= Number(max.value)) return []
  return [
    `retryBaseMs is ${base.value} (from ${base.origin}): it must not be more than retryMaxMs, ${max.value} (from ${max.origin})`,
  ]
}

const wrongTargets = (inForce: readonly SettingInForce[]): string[] => {
  const allow = inForce.find(({ setting }) => setting.name === 'webhookAllow')
  return allowMistakes(String(allow?.value ?? '')).map(
    (mistake) => `webhookAllow (from ${allow?.origin}): ${mistake}`,
  )
}

const toConfig = (inForce: readonly SettingInForce[]): Config => {
  const limits: Record<string, SettingValue> = {}
  const others: Record<string, SettingValue> = {}
  for (const { setting, value } of inForce) (setting.isLimit ? limits : others)[setting.name] = value
  // safety: every value was admitted by its setting's schema, and settings are named as the members of Config and Limits
  return Object.freeze({ ...others, limits: Object.freeze(limits) }) as unknown as Config
}
