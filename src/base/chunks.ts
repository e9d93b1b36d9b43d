/**
 * A list that mostly grows at its end, as frozen chunks and one small open chunk. Frozen chunks are shared by every
 * snapshot; only the open one is copied. Nothing frozen is ever changed: shortening cuts a chunk into a new open one, and
 * what is dropped at the head of one is passed over.
 */
export interface Chunks<T> {
  full: readonly (readonly T[])[]; open: T[]; length: number
  /** How many at the head of the first full chunk have been dropped. */
  skip: number
}

export const CHUNK = 128

export const newChunks = <T>(): Chunks<T> => ({ full: Object.freeze([]), open: [], length: 0, skip: 0 })

export function append<T>(list: Chunks<T>, item: T): void {
  list.open.push(item)
  list.length++
  if (list.open.length === CHUNK) {
    list.full = Object.freeze([...list.full, Object.freeze(list.open)])
    list.open = []
  }
}

/** The item at `index`; undefined outside. */
export function at<T>(list: Chunks<T>, index: number): T | undefined {
  if (index < 0 || index >= list.length) return undefined
  const place = index + list.skip
  const chunk = Math.floor(place / CHUNK)
  return chunk < list.full.length ? list.full[chunk]![place - chunk * CHUNK] : list.open[place - list.full.length * CHUNK]
}

/** Keep the first `length` items. */
export function shorten<T>(list: Chunks<T>, length: number): void {
  if (length >= list.length) return
  const place = length + list.skip
  const whole = Math.floor(place / CHUNK)
  const rest = place - whole * CHUNK
  if (whole < list.full.length) {
    list.open = list.full[whole]!.slice(0, rest)
    list.full = Object.freeze(list.full.slice(0, whole))
  } else list.open.length = rest
  list.length = length
  if (list.full.length === 0) closeGap(list)
}

/** Drop the first `count` items: whole chunks go, of the next one the head is passed over. Nothing that stays is copied, but what is open. */
export function dropFirst<T>(list: Chunks<T>, count: number): void {
  const dropped = Math.min(count, list.length)
  if (dropped <= 0) return
  const place = list.skip + dropped
  const whole = Math.min(Math.floor(place / CHUNK), list.full.length)
  if (whole > 0) list.full = Object.freeze(list.full.slice(whole))
  list.skip = place - whole * CHUNK
  list.length -= dropped
  if (list.full.length === 0) closeGap(list)
}

/** Only a full chunk has items that are passed over. */
function closeGap<T>(list: Chunks<T>): void {
  if (list.skip === 0) return
  list.open = list.open.slice(list.skip)
  list.skip = 0
}

/**
 * The first index whose item satisfies a condition that stays true once it is; `length` if there is none. Looked for from
 * the end, because what is asked for is nearly always new: in steps that double, then by halves.
 */
export function firstIndex<T>(list: Chunks<T>, holds: (item: T) => boolean): number {
  let low = 0, high = list.length
  for (let step = 1; step <= high; step *= 2) {
    if (!holds(at(list, high - step)!)) {
      low = high - step + 1
      break
    }
    high -= step
  }
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(at(list, middle)!)) high = middle
    else low = middle + 1
  }
  return low
}

/** Items from `start` up to, not including, `end`. */
export function* between<T>(list: Chunks<T>, start: number, end: number = list.length): Generator<T> {
  for (let i = Math.max(0, start); i < Math.min(end, list.length); i++) yield at(list, i)!
}
