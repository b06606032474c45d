const units = ['KiB', 'MiB', 'GiB', 'TiB'] as const

/** `312 bytes`, `1.2 MiB` */
export const bytes = (count: number): string => {
  if (count < 1_024) return `${count} bytes`
  const power = Math.min(units.length, Math.floor(Math.log2(count) / 10))
  return `${(count / 1_024 ** power).toFixed(1)} ${units[power - 1]}`
}
