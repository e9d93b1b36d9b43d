/** The number of an experiment, and the part of Kafka it is about: both stand at the beginning of its id. */
export type Group = 'basics' | 'replication' | 'controllers' | 'groups' | 'producers'

export const groups: readonly { readonly group: Group; readonly letter: string; readonly last: number }[] = [
  { group: 'basics', letter: 'A', last: 10 },
  { group: 'replication', letter: 'B', last: 24 },
  { group: 'controllers', letter: 'C', last: 26 },
  { group: 'groups', letter: 'D', last: 33 },
  { group: 'producers', letter: 'E', last: 39 },
]

/** `S13b` of `s13b-without-elr`; undefined of what is no experiment. */
export function experimentNumber(id: string): string | undefined {
  const found = /^s([0-9]{2}[a-z]?)-/.exec(id)?.[1]
  return found === undefined ? undefined : `S${found}`
}

export function groupOf(id: string): Group {
  const number = Number(id.slice(1, 3))
  return groups.find(({ last }) => number <= last)?.group ?? 'producers'
}
