/**
 * Subscribers of one topic by how many partitions they have: who has least gets the next one, who has most gives one away.
 * Two ranges of members, grown from both ends while partitions go over.
 * Follows UniformHeterogeneousAssignmentBuilder.MemberAssignmentBalancer.
 */
export interface LoadRanges {
  /** Shares of all members, by index; changed from outside as partitions move. */
  readonly sizes: readonly number[]
  /** Indexes of the members, the smallest share first. */
  readonly sorted: number[]
  leastEnd: number
  leastCount: number
  nextLeast: number
  mostStart: number
  /** From here on are members without anything to give. */
  mostEnd: number
  mostCount: number
  nextMost: number
}

export function newLoadRanges(sizes: readonly number[], members: readonly number[]): LoadRanges {
  const sorted = members.toSorted((a, b) => sizes[a]! - sizes[b]! || a - b)
  return {
    sizes, sorted, leastEnd: 0, leastCount: sizes[sorted[0]!]! - 1, nextLeast: 0, mostStart: sorted.length, mostEnd: sorted.length,
    mostCount: sizes[sorted.at(-1)!]! + 1, nextMost: sorted.length - 1,
  }
}

export const spread = ({ sizes, sorted }: LoadRanges): number => sizes[sorted.at(-1)!]! - sizes[sorted[0]!]!
export const areLevel = ({ mostCount, leastCount }: LoadRanges): boolean => mostCount - leastCount <= 1

/** The next member of the range that has least; when all of it have been, the range is one higher. */
export function takeLeast(ranges: LoadRanges): number {
  const { sizes, sorted } = ranges
  if (ranges.nextLeast >= ranges.leastEnd) {
    ranges.leastCount++
    while (ranges.leastEnd < sorted.length && sizes[sorted[ranges.leastEnd]!] === ranges.leastCount) ranges.leastEnd++
    ranges.nextLeast = 0
  }
  return sorted[ranges.nextLeast++]!
}

/** The next member of the range that has most; undefined = nobody has anything to give. */
export function takeMost(ranges: LoadRanges): number | undefined {
  const { sizes, sorted } = ranges
  if (ranges.nextMost < ranges.mostStart) {
    const isEmpty = ranges.mostEnd <= ranges.mostStart && ranges.mostStart > 0
    ranges.mostCount = isEmpty ? sizes[sorted[ranges.mostStart - 1]!]! : ranges.mostCount - 1
    while (ranges.mostStart > 0 && sizes[sorted[ranges.mostStart - 1]!] === ranges.mostCount) ranges.mostStart--
    ranges.nextMost = ranges.mostEnd - 1
  }
  if (ranges.nextMost < 0) return undefined
  return sorted[ranges.nextMost--]
}

/** The member just taken has nothing of this topic to give: it goes behind the range. */
export function passOverMost(ranges: LoadRanges): void {
  const { sorted, mostEnd } = ranges
  const at = ranges.nextMost + 1
  const member = sorted[at]!
  sorted[at] = sorted[mostEnd - 1]!
  sorted[mostEnd - 1] = member
  ranges.mostEnd--
}
