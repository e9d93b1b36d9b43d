/** Assertions stay on in production: a teaching tool that is wrong is worse than one that stops. */
export function assert(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`assertion failed: ${what}`)
}

/** For the end of a switch that must be exhaustive. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}

/** The value, which the caller knows to be there. */
export function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`missing: ${what}`)
  return value
}
