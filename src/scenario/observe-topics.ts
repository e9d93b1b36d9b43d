/** Topics, as statements speak of them. */
import type { PartitionRegistration } from '../kafka/metadata/image.ts'
import type { Value } from './expression.ts'
import { readPartition } from './observe-log.ts'
import { partitionsOf } from './observe-machines.ts'
import type { Observed } from './observed.ts'

export function readTopic(observer: Observed, name: string, property: string): Value {
  const partitions = partitionsOf(observer, name)
  const records = partitions.map(({ partition }) => Number(readPartition(observer, partition, 'records', undefined, undefined) ?? 0))
  const racks = (each: PartitionRegistration): readonly (string | undefined)[] =>
    each.replicas.map((id) => observer.committed?.brokers.get(id)?.rack)
  switch (property) {
    case 'exists': return partitions.length > 0
    case 'partitions': return partitions.length
    case 'replicationFactor': return partitions[0]?.replicas.length
    case 'nonEmptyPartitions': return records.filter((count) => count > 0).length
    case 'records': return records.reduce((sum, count) => sum + count, 0)
    case 'maxRecords': return records.length === 0 ? undefined : Math.max(...records)
    case 'minRecords': return records.length === 0 ? undefined : Math.min(...records)
    case 'minRacks': return partitions.length === 0 ? undefined : Math.min(...partitions.map((each) => new Set(racks(each)).size))
    case 'leadersCycleRacks': return leadersCycleRacks(observer, partitions)
    default: return undefined
  }
}
function leadersCycleRacks(observer: Observed, partitions: readonly PartitionRegistration[]): boolean {
  const all = [...(observer.committed?.brokers.values() ?? [])]
  const count = new Set(all.map(({ rack }) => rack)).size
  const racks = [...partitions].sort((a, b) => a.index - b.index).map(({ leader }) => all.find(({ id }) => id === leader)?.rack)
  // From partition 0 on: after each round the placer may shuffle (StripedReplicaPlacer), so only whole rounds count.
  return racks.every((_, i) => i % count > 0 || i + count > racks.length || new Set(racks.slice(i, i + count)).size === count)
}
