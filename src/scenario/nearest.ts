/** The nearest right word to a wrong one, for "did you mean". */

/** Levenshtein's distance, a swap of neighbours counted as one change: it is the commonest slip of a typing hand. */
export function distance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, beforeLast[j - 2]! + 1)
      row.push(best)
    }
    beforeLast = last
    last = row
  }
  return last[b.length]!
}

/** undefined where nothing is near: a wild guess would mislead more than silence. */
export function nearest(wrong: string, right: Iterable<string>): string | undefined {
  const written = wrong.slice(0, 100).toLowerCase()
  let found: string | undefined
  let least = Infinity
  for (const word of right) {
    const candidate = word.toLowerCase()
    if (candidate === written) return word
    const changes = isPart(written, candidate) ? 1.5 : distance(written, candidate)
    if (changes <= mostChanges(Math.max(written.length, candidate.length)) && changes < least) {
      least = changes
      found = word
    }
  }
  return found
}

/** Names of two letters, `b1` and `b4`, are as far apart as words can be. */
const mostChanges = (length: number): number => (length <= 2 ? 0 : Math.max(1, Math.floor(length / 3)))

/** `insync.replicas` is a part of `min.insync.replicas`. */
const isPart = (a: string, b: string): boolean =>
  (a.length >= 4 && b.includes(a)) || (b.length >= 4 && a.includes(b))
