/**
 * Deep copy of plain data that shares whatever is frozen. This is the whole snapshot mechanism: what never changes again
 * is frozen once and then belongs to every snapshot.
 */
export function clone<T>(value: T): T {
  return copy(value) as T
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (Array.isArray(value)) {
    const list: unknown[] = value.slice()
    for (let i = 0; i < list.length; i++) {
      const item = list[i]
      if (typeof item === 'object' && item !== null) list[i] = copy(item)
    }
    return list
  }
  if (value instanceof Map) {
    const map = new Map<unknown, unknown>()
    for (const [key, item] of value) map.set(key, copy(item))
    return map
  }
  if (value instanceof Set) return new Set(value)
  const object: Record<string, unknown> = {}
  for (const key in value) object[key] = copy((value as Record<string, unknown>)[key])
  return object
}

/** Freeze a tree of plain data, all of it. For development and tests; production freezes what it sends, one level deep. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const part of Object.values(value)) deepFreeze(part)
  return value
}

/**
 * State must be a tree: no class instance, no function, no mutable object that can be reached twice (a copy would split
 * it in two). Gives the path of the first offender, or undefined.
 */
export function findNonTree(root: unknown): string | undefined {
  const seen = new Map<object, string>()
  const visit = (value: unknown, path: string): string | undefined => {
    if (typeof value === 'function' || typeof value === 'symbol') return `${path} is a ${typeof value}`
    if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return undefined
    const before = seen.get(value)
    if (before !== undefined) return `${path} is also ${before}`
    seen.set(value, path)
    if (value instanceof Map) return firstOf(value, ([key, item]) => visit(item, `${path}[${String(key)}]`))
    if (value instanceof Set) return firstOf(value, (item) => visit(item, `${path}{}`))
    if (Array.isArray(value)) return firstOf(value.entries(), ([index, item]) => visit(item, `${path}[${index}]`))
    if (Object.getPrototypeOf(value) !== Object.prototype) return `${path} is an instance of a class`
    return firstOf(Object.entries(value), ([key, item]) => visit(item, `${path}.${key}`))
  }
  return visit(root, '')
}

function firstOf<T>(items: Iterable<T>, find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
}
