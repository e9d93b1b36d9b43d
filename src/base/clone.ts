/**
 * Deep copy of plain data that shares whatever is frozen. This is the whole snapshot mechanism: what never changes again
 * is frozen once and then belongs to every snapshot.
 *
 * `before` is an earlier copy that nobody changes any more: what is equal in it is not copied again.
 */
export function clone<T>(value: T, before?: T): T {
  return copy(value, before) as T
}

function copy(value: unknown, before: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (Array.isArray(value)) return copyArray(value, Array.isArray(before) ? before : undefined)
  if (value instanceof Map) return copyMap(value, before instanceof Map ? before : undefined)
  if (value instanceof Set) return new Set(value)
  const known = typeof before === 'object' && before !== null ? (before as Record<string, unknown>) : undefined
  return copyObject(value as Record<string, unknown>, known)
}

function copyArray(value: readonly unknown[], before: readonly unknown[] | undefined): unknown {
  const list = value.slice()
  let same = before?.length === list.length
  for (let i = 0; i < list.length; i++) {
    const item = list[i]
    const known = before?.[i]
    if (typeof item === 'object' && item !== null) list[i] = copy(item, known)
    if (same && !Object.is(list[i], known)) same = false
  }
  return same ? before : list
}

function copyMap(value: ReadonlyMap<unknown, unknown>, before: ReadonlyMap<unknown, unknown> | undefined): unknown {
  const map = new Map<unknown, unknown>()
  let same = before?.size === value.size && isSameOrder(value, before)
  for (const [key, item] of value) {
    const known = before?.get(key)
    const copied = typeof item === 'object' && item !== null ? copy(item, known) : item
    if (same && !Object.is(copied, known)) same = false
    map.set(key, copied)
  }
  return same ? before : map
}

/** A map is also the order of its keys. */
function isSameOrder(one: ReadonlyMap<unknown, unknown>, other: ReadonlyMap<unknown, unknown>): boolean {
  const keys = other.keys()
  for (const key of one.keys()) if (key !== keys.next().value) return false
  return true
}

function copyObject(value: Record<string, unknown>, before: Record<string, unknown> | undefined): unknown {
  const object: Record<string, unknown> = {}
  let same = before !== undefined
  let count = 0
  for (const key in value) {
    const item = value[key]
    const known = before?.[key]
    const copied = typeof item === 'object' && item !== null ? copy(item, known) : item
    if (same && !Object.is(copied, known)) same = false
    object[key] = copied
    count++
  }
  return same && Object.keys(before!).length === count ? before : object
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
