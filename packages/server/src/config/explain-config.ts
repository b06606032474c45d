import type { SettingInForce } from './config.ts'

/** One setting as `remanence config` shows it. */
export type ExplainedSetting = {
  readonly name: string
  /** A secret is cut to a prefix. */
  readonly value: string | number | null
  readonly origin: string
  readonly env: string
  readonly flag: string
}

export const explainConfig = (inForce: readonly SettingInForce[]): readonly ExplainedSetting[] =>
  inForce.map(({ setting, value, origin }) => ({
    name: setting.name,
    value: setting.secret && typeof value === 'string' ? prefixOf(value) : value,
    origin,
    env: setting.env,
    flag: setting.flag,
  }))

/** Enough to tell keys apart, never more than a quarter of one. */
const prefixOf = (secret: string): string => `${secret.slice(0, Math.min(8, Math.floor(secret.length / 4)))}…`
