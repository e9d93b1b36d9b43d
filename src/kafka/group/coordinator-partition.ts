/** GRP-1: which partition of `__consumer_offsets` a group belongs to; its leader coordinates the group. */
export const OFFSETS_TOPIC = '__consumer_offsets'

/** Java's String#hashCode: over UTF-16 units, 32 bits, signed. */
export function javaHash(text: string): number {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0
  return hash
}

/** Utils#abs: of the one number whose negative does not fit, 0. */
const abs = (hash: number): number => (hash === -2147483648 ? 0 : Math.abs(hash))

export const coordinatorIndex = (groupId: string, partitions: number): number => abs(javaHash(groupId)) % partitions
export const coordinatorPartition = (groupId: string, partitions: number): string =>
  `${OFFSETS_TOPIC}/${coordinatorIndex(groupId, partitions)}`
