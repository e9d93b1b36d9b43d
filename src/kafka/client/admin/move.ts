/**
 * `kafka-reassign-partitions.sh` with a throttle: `--execute` names the replicas and sets the rate of every broker that has a part in it,
 * then begins; `--verify` asks whether it is over, and then takes all of that away again, on all brokers.
 * Follows tools/.../reassign/ReassignPartitionsCommand.java.
 */
import type { NodeId } from '../../../base/units.ts'
import type { AdminRequest } from '../../protocol/admin.ts'
import type { MetadataResponse } from '../../protocol/metadata.ts'
import { parsePartition } from '../../topic-partition.ts'

export interface ExecuteMove { readonly type: 'ExecuteMove'; readonly partition: string; readonly replicas: readonly NodeId[]; readonly bytesPerSecond: number }
export interface VerifyMove { readonly type: 'VerifyMove'; readonly partition: string }

const sides = ['leader', 'follower'] as const
const rates = sides.map((side) => `${side}.replication.throttled.rate`)
const throttled = sides.map((side) => `${side}.replication.throttled.replicas`)
type Alter = Extract<AdminRequest, { type: 'IncrementalAlterConfigsRequest' }>
const alter = (resource: 'topic' | 'broker', name: string, set: Alter['set'], unset: readonly string[] = []): Alter => ({ type: 'IncrementalAlterConfigsRequest', resource, name, set, unset })

/** What to ask, one after another; undefined = there is no such partition. */
export function planOf(wish: ExecuteMove | VerifyMove, { brokers, topics }: MetadataResponse): readonly AdminRequest[] | undefined {
  const { partition } = wish
  const { topic, partition: index } = parsePartition(partition)
  const sources = topics[0]?.partitions.find((one) => one.partition === partition)?.replicas
  if (sources === undefined) return undefined
  if (wish.type === 'VerifyMove') {
    return [{ type: 'ListPartitionReassignmentsRequest', partition }, ...brokers.map(({ name }) => alter('broker', name, {}, rates)), alter('topic', topic, {}, throttled)]
  }
  const come = wish.replicas.filter((id) => !sources.includes(id))
  const list = (ids: readonly NodeId[]): string => ids.slice().sort((a, b) => a - b).map((id) => `${index}:${id}`).join(',')
  const rate = String(wish.bytesPerSecond)
  return [
    alter('topic', topic, { [throttled[0]!]: list(sources), [throttled[1]!]: list(come) }),
    ...brokers.filter(({ id }) => sources.includes(id) || come.includes(id)).map(({ name }) => alter('broker', name, { [rates[0]!]: rate, [rates[1]!]: rate })),
    { type: 'AlterPartitionReassignmentsRequest', partition, replicas: wish.replicas },
  ]
}
