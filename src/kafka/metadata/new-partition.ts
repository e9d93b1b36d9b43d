/** A partition as it is born: its first in-sync replica leads, in epoch 0. Follows ReplicationControlManager#buildPartitionRegistration. */
import type { NodeId } from '../../base/units.ts'
import type { MetadataRecord } from './records.ts'

const NOBODY: readonly NodeId[] = Object.freeze([])

export const newPartition = (topic: string, index: number, replicas: readonly NodeId[], isr: readonly NodeId[] = replicas, directories?: readonly string[]): Extract<MetadataRecord, { type: 'PartitionRecord' }> => ({
  type: 'PartitionRecord', partition: `${topic}/${index}`, topic, index, replicas, isr, elr: NOBODY, lastKnownElr: NOBODY, leader: isr[0]!,
  leaderRecoveryState: 'RECOVERED', adding: NOBODY, removing: NOBODY, leaderEpoch: 0, partitionEpoch: 0,
  ...(directories === undefined ? {} : { directories }),
})
