/** What decides how a topic's partitions change: its own config, else the cluster's, else the controller's properties file. */
import { configOf } from '../config.ts'
import type { PartitionRegistration } from '../metadata/image.ts'
import { ELR_FEATURE } from '../metadata/records.ts'
import { hasOnlineDirectory } from './active.ts'
import { changePartition, type Change } from './partition-change.ts'
import type { PartitionChangeRecord } from '../metadata/records.ts'
import type { Controller } from './state.ts'

function settingOf({ image, spec }: Controller, topic: string, name: string): string {
  return (
    image.topics.get(topic)?.config[name] ??
    image.brokerConfig.get(name) ??
    String(spec.overrides[name] ?? configOf('broker', name)?.default)
  )
}

/** Never more than there are replicas. Follows ReplicationControlManager#getTopicEffectiveMinIsr. */
export function effectiveMinIsr(controller: Controller, topic: string): number {
  const replicas = controller.image.partitions.get(`${topic}/0`)?.replicas.length ?? 1
  return Math.min(Number(settingOf(controller, topic, 'min.insync.replicas')), replicas)
}
export const allowsUncleanElection = (controller: Controller, topic: string): boolean =>
  settingOf(controller, topic, 'unclean.leader.election.enable') === 'true'
export const isElrEnabled = ({ image }: Controller): boolean => (image.features.get(ELR_FEATURE) ?? 0) > 0

type Wanted = Pick<Change, 'isAcceptable'> & Partial<Omit<Change, 'minIsr' | 'elrEnabled'>>
/** The record for what is wanted of this partition, by the settings in force. */
export function change(controller: Controller, partition: PartitionRegistration, wanted: Wanted): PartitionChangeRecord | undefined {
  const { topic } = partition
  return changePartition(partition, {
    election: allowsUncleanElection(controller, topic) ? 'unclean' : 'online',
    minIsr: effectiveMinIsr(controller, topic),
    elrEnabled: isElrEnabled(controller),
    ...wanted,
    ...(partition.directories === undefined ? {} : { isAcceptable: (id) => wanted.isAcceptable(id) && hasOnlineDirectory(controller, partition, id) }),
  })
}
