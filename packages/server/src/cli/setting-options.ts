import type { Command } from 'commander'
import { settings } from '../config/settings.ts'

/** Declares a flag for every setting. Commander names them as the settings are named. */
export const addSettingOptions = (command: Command): Command => {
  for (const isLimit of [false, true]) {
    command.optionsGroup(isLimit ? 'Limits:' : 'Settings:')
    for (const setting of settings.filter((one) => one.isLimit === isLimit)) {
      const fallback = setting.default === null ? '' : ` (default: ${setting.default})`
      command.option(`${setting.flag} <${setting.placeholder}>`, setting.description + fallback)
    }
  }
  return command
}
