/** Share groups as statements speak of them: what the live leaders have in flight, and what the share coordinators have written. */
import type { World } from '../engine/world.ts'
import type { Broker } from '../kafka/broker/state.ts'
import type { ShareConsumerConfig } from '../kafka/client/share-consumer/state.ts'
import { brokerOf, groupOf, isLive } from '../kafka/look.ts'
import { stateTopicPartition } from '../kafka/share/coordinator.ts'
import { inFlightOf, recordAt, type InFlight, type SharePartition } from '../kafka/share/in-flight.ts'
import { shareKey, type PersistedState } from '../kafka/share/state.ts'
import type { Value } from './expression.ts'
import type { Observed } from './observed.ts'

export function readShare(observer: Observed, name: string, property: string, [partition = '', offset = '']: readonly string[]): Value {
  const { world } = observer
  switch (property) {
    case 'members': return groupOf(world, name).group?.members.length ?? 0
    case 'acquired': return inFlightEverywhere(observer, name).filter(({ state }) => state === 'ACQUIRED').length
    case 'active': return new Set(inFlightEverywhere(observer, name).filter(({ state }) => state === 'ACQUIRED').map(({ member }) => member)).size
    case 'acknowledged': case 'archived': case 'redelivered': return booked(world, name, property)
    case 'startOffset': return sharePartition(observer, name, partition)?.startOffset
    case 'persistedStart': return persisted(observer, name, partition)?.startOffset
  }
  const share = sharePartition(observer, name, partition)
  if (share === undefined) return undefined
  const record = recordAt(share, Number(offset))
  const isBefore = Number(offset) < share.startOffset
  switch (property) {
    // What lies before the start offset is finished; how, only the log of the share coordinator still knows.
    case 'state': return isBefore ? finished(observer, name, partition, Number(offset)) : (record?.state ?? 'AVAILABLE').toLowerCase()
    case 'deliveries': return isBefore ? lastCount(observer, name, partition, Number(offset)) : (record?.count ?? 0)
    case 'holder': return record?.state === 'ACQUIRED' ? clientOf(world, name, record.member) : undefined
    default: return undefined
  }
}

function leaderOf(observer: Observed, partition: string): Broker | undefined {
  const leader = observer.partition(partition)?.leader
  return leader === undefined || !isLive(observer.world, leader) ? undefined : brokerOf(observer.world, leader)
}
const sharePartition = (observer: Observed, group: string, partition: string): SharePartition | undefined =>
  leaderOf(observer, partition)?.share?.partitions.get(shareKey(group, partition))

function inFlightEverywhere(observer: Observed, group: string): readonly InFlight[] {
  return [...(observer.committed?.partitions.keys() ?? [])].flatMap((partition) => {
    const share = sharePartition(observer, group, partition)
    return share === undefined ? [] : [...inFlightOf(share)].map(([, record]) => record)
  })
}

/** As the brokers' observers have counted, whatever has become of the brokers. */
function booked(world: World, group: string, what: 'acquired' | 'acknowledged' | 'archived' | 'redelivered'): number {
  let sum = 0
  for (const { kind, state, disk } of world.nodes.values()) {
    if (kind === 'broker') sum += ((state ?? disk) as Pick<Broker, 'share'> | undefined)?.share?.books.get(group)?.[what] ?? 0
  }
  return sum
}

function coordinator(observer: Observed, group: string, partition: string): Broker | undefined {
  for (const name of observer.world.nodes.keys()) {
    const broker = name.startsWith('b') ? brokerOf(observer.world, Number(name.slice(1))) : undefined
    const stored = broker === undefined ? undefined : stateTopicPartition(broker, shareKey(group, partition))
    if (stored !== undefined) return leaderOf(observer, stored)
  }
  return undefined
}
function persisted(observer: Observed, group: string, partition: string): PersistedState | undefined {
  return coordinator(observer, group, partition)?.share?.states.get(shareKey(group, partition))
}

interface Written { readonly first: number; readonly last: number; readonly state: string; readonly count: number }
/** The newest record of the share coordinator that speaks of this offset. */
function lastWritten(observer: Observed, group: string, partition: string, offset: number): Written | undefined {
  const kept = persisted(observer, group, partition)
  return kept?.batches.find(({ first, last }) => first <= offset && last >= offset) ?? endings(observer, group, partition).get(offset)
}
function endings(observer: Observed, group: string, partition: string): ReadonlyMap<number, Written> {
  const found = new Map<number, Written>()
  const broker = coordinator(observer, group, partition)
  const stored = broker === undefined ? undefined : stateTopicPartition(broker, shareKey(group, partition))
  const log = stored === undefined ? undefined : broker!.replicas.get(stored)?.log
  for (const batch of [...(log?.batches.full.flat() ?? []), ...(log?.batches.open ?? [])]) {
    for (const { data } of batch.records) {
      const { key, batches = [] } = (data ?? {}) as { readonly key?: string; readonly batches?: readonly Written[] }
      if (key === shareKey(group, partition)) for (const one of batches) for (let at = one.first; at <= one.last; at++) found.set(at, one)
    }
  }
  return found
}
/** Nothing, for what the group has never been given. */
const finished = (observer: Observed, group: string, partition: string, offset: number): string | undefined => lastWritten(observer, group, partition, offset)?.state.toLowerCase()
const lastCount = (observer: Observed, group: string, partition: string, offset: number): number | undefined => lastWritten(observer, group, partition, offset)?.count

/** The client behind a member id. */
function clientOf(world: World, group: string, memberId: string): string | undefined {
  for (const [name, { kind, config, state }] of world.nodes) {
    if (kind !== 'shareConsumer' || (config as ShareConsumerConfig).group !== group) continue
    if ((state as { readonly membership?: { readonly memberId: string } } | undefined)?.membership?.memberId === memberId) return name
  }
  return groupOf(world, group).group?.members.find((member) => member.memberId === memberId)?.clientId
}
