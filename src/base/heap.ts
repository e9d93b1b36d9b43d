/** A binary heap over a bare array, so that a copy is `slice()`. Ordered by (at, seq): total, never by heap shape. */
export interface Keyed { readonly at: number; readonly seq: number }

export function push<T extends Keyed>(heap: T[], item: T): void {
  let child = heap.length
  heap.push(item)
  while (child > 0) {
    const parent = (child - 1) >> 1
    const above = heap[parent]!
    if (above.at < item.at || (above.at === item.at && above.seq < item.seq)) break
    heap[child] = above
    child = parent
  }
  heap[child] = item
}

/** The smallest item, removed; undefined when empty. */
export function pop<T extends Keyed>(heap: T[]): T | undefined {
  const top = heap[0]
  const last = heap.pop()
  if (top === undefined || last === undefined || heap.length === 0) return top
  const length = heap.length
  let parent = 0
  for (;;) {
    let child = 2 * parent + 1
    if (child >= length) break
    let lesser = heap[child]!
    if (child + 1 < length) {
      const right = heap[child + 1]!
      if (right.at < lesser.at || (right.at === lesser.at && right.seq < lesser.seq)) {
        lesser = right
        child++
      }
    }
    if (last.at < lesser.at || (last.at === lesser.at && last.seq < lesser.seq)) break
    heap[parent] = lesser
    parent = child
  }
  heap[parent] = last
  return top
}
