/** Made when it is first asked for, and kept: patterns of hundreds of words take longer to compile than a start may. */
export const lazily = <Value>(make: () => Value): (() => Value) => {
  let made: { readonly value: Value } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
