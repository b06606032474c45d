import type { SettingInForce } from './config.ts'

/** What is missing for the chosen provider of models, and what is set although none is chosen; one sentence each. */
export const modelMistakes = (inForce: readonly SettingInForce[]): string[] => {
  const find = (name: string) => inForce.find(({ setting }) => setting.name === name)
  const has = (name: string) => (find(name)?.value ?? null) !== null
  const provider = find('modelProvider')
  if (provider === undefined) return []
  if (provider.value === 'none') {
    return ['modelUrl', 'modelKey', 'modelName']
      .filter(has)
      .map(
        (name) =>
          `${name} (from ${find(name)?.origin}) says nothing while modelProvider is none (from ${provider.origin})`,
      )
  }
  const needed = provider.value === 'anthropic' ? ['modelName'] : ['modelUrl', 'modelName']
  const needs = needed.filter((name) => !has(name))
  if (provider.value === 'anthropic' && !has('modelUrl') && !has('modelKey')) {
    needs.push('modelKey, or the modelUrl of a server that asks for none')
  }
  return needs.map((what) => `modelProvider is ${provider.value} (from ${provider.origin}): it needs ${what}`)
}
