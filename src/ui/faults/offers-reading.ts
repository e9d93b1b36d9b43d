/** What a consumer's application can be told about its partitions: pause() and resume(). Pure. */
import type { Intervention } from '../../bridge/protocol.ts'
import type { ClusterView } from '../../projection/cluster-view.ts'
import type { DeskText } from '../../text/desk.en.ts'
import type { InForce, Offer, Victim } from './offer.ts'

const call = (client: string, type: 'pause' | 'resume', partition: string): readonly Intervention[] => [{ do: 'call', client, call: { type, partitions: [partition] } }]

/** One of several partitions is asked for by name. */
export function readingOffers(view: ClusterView, { name, condition }: Victim, text: DeskText['faults']): Offer[] {
  const consumer = view.consumers[name]
  if (consumer === undefined || consumer.leases !== undefined || condition !== 'running') return []
  return (['pause', 'resume'] as const).flatMap((type): Offer[] => {
    const partitions = consumer.assigned.filter(({ paused }) => (paused === true) === (type === 'resume')).map(({ partition }) => partition)
    const [title, more] = type === 'pause' ? [text.pausePartition, text.pausePartitionKafka] : [text.resumePartition, text.resumePartitionKafka]
    const offer = { id: `${type}Partition`, icon: type === 'pause' ? 'hourglass' : 'play', letter: type === 'pause' ? 'h' : 'u', title, more } as const
    if (partitions.length <= 1) return partitions.map((partition) => ({ ...offer, does: call(name, type, partition) }))
    return [{ ...offer, inside: partitions.map((partition) => ({ id: `${type} ${partition}`, icon: offer.icon, title: partition, more, does: call(name, type, partition) })) }]
  })
}

export const pausedInForce = (view: ClusterView, text: DeskText['faults']): InForce[] =>
  Object.values(view.consumers).flatMap(({ name, assigned }) => assigned.filter(({ paused }) => paused === true).map(({ partition }): InForce =>
    ({ id: `paused ${name} ${partition}`, icon: 'hourglass', title: text.notForce.pausedPartition(name, partition), since: 0, ends: call(name, 'resume', partition) })))
