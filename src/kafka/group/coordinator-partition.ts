/** GRP-1: which partition of `__consumer_offsets` a group belongs to; its leader coordinates the group. */
import { javaHash } from '../java-hash.ts'

export const OFFSETS_TOPIC = '__consumer_offsets'

/** Utils#abs: of the one number whose negative does not fit, 0. */
const abs = (hash: number): number => (hash === -2147483648 ? 0 : Math.abs(hash))

export const coordinatorIndex = (groupId: string, partitions: number): number => abs(javaHash(groupId)) % partitions
export const coordinatorPartition = (groupId: string, partitions: number): string =>
  `${OFFSETS_TOPIC}/${coordinatorIndex(groupId, partitions)}`
