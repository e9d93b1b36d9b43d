/**
 * `list` with one item more, to be kept instead of it. A list that grows from nothing takes room for seventeen items with the
 * first one; most lists of a message have one to four.
 */
export function added<T>(list: T[], item: T): T[] {
  switch (list.length) {
    case 0: return [item]
    case 1: return [list[0]!, item]
    case 2: return [list[0]!, list[1]!, item]
    case 3: return [list[0]!, list[1]!, list[2]!, item]
    default:
      list.push(item)
      return list
  }
}
