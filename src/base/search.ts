/** The number of leading indices below `length` that satisfy a condition which, once false, stays false; found by halves. */
export function countLeading(length: number, holds: (index: number) => boolean): number {
  let low = 0, high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(middle)) low = middle + 1
    else high = middle
  }
  return low
}
