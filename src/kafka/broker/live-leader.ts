/** Who leads a partition as this broker knows it, if that broker is not fenced. */
import type { BrokerRegistration } from '../metadata/image.ts'
import type { Broker } from './state.ts'

export function liveLeader({ metadata }: Broker, partition: string): BrokerRegistration | undefined {
  const leader = metadata.partitions.get(partition)?.leader
  const known = leader === undefined ? undefined : metadata.brokers.get(leader)
  return known === undefined || known.fenced ? undefined : known
}
