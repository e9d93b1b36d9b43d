/**
 * What is written where something of a group is to be no more. Follows
 * group-coordinator/.../group/GroupCoordinatorRecordHelpers.java#new...TombstoneRecord, ClassicGroup and ConsumerGroup#createGroupTombstoneRecords.
 */
import type { Micros, Offset } from '../../base/units.ts'
import type { KafkaError } from '../errors.ts'
import type { KafkaRecord } from '../log/record.ts'
import type { CoordinatorHost } from './host.ts'
import { replay, type Gone } from './records.ts'
import type { Coordinator } from './state.ts'

/** Under the key of what it takes away: once the log is compacted nothing is left of that either. */
export interface Tombstone { readonly key: string; readonly data: Gone }
const tombstone = (group: string, partition: string | undefined, key: string): Tombstone => ({ key, data: Object.freeze({ kind: 'gone', group, partition }) })

export const offsetTombstone = (group: string, partition: string): Tombstone => tombstone(group, partition, `${group} ${partition}`)

/** Of an empty group: its members have their own already. What a group of the consumer protocol has committed is no classic group. */
export function groupTombstones({ groups, consumerGroups }: Coordinator, id: string): readonly Tombstone[] {
  const classic = groups.get(id), modern = consumerGroups.has(id)
  return [
    ...(modern ? [tombstone(id, undefined, `consumerTarget ${id}`), tombstone(id, undefined, `consumerGroup ${id}`)] : []),
    ...(classic !== undefined && (!modern || classic.generation > 0) ? [tombstone(id, undefined, `group ${id}`)] : []),
  ]
}

const recordOf = ({ key, data }: Tombstone, clock: Micros): KafkaRecord => Object.freeze({ id: key, key, value: undefined, valueBytes: undefined, timestamp: Math.floor(clock / 1000), data })

/** It holds at once, and for good when the high watermark has passed it. What cannot be appended changes nothing. */
export function bury(coordinator: Coordinator, partition: string, gone: readonly Tombstone[], host: CoordinatorHost): { readonly committedAt: Offset } | KafkaError {
  const records = gone.map((each) => recordOf(each, host.clock))
  const written = host.append(partition, records)
  if (typeof written !== 'string') for (const record of records) replay(coordinator, partition, record)
  return written
}
