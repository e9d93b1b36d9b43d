/** Statements about the metadata log and what follows from it. */
import type { World } from '../engine/world.ts'
import type { Broker } from './broker/state.ts'
import { entryAt } from './controller/metadata-log.ts'
import type { Memory, Violation } from './invariants-memory.ts'
import { controllerOf } from './look.ts'
import { copyImage, replay, type MetadataImage } from './metadata/image.ts'
import { NO_LEADER, type MetadataEntry } from './metadata/records.ts'

/** What has been committed since the last look, record by record; then who knows it. */
export function checkController(world: World, memory: Memory): Violation | undefined {
  const controller = controllerOf(world)
  if (controller === undefined) return undefined
  for (; memory.image.endOffset < controller.highWatermark;) {
    const entry = entryAt(controller, memory.image.endOffset)
    // Looked at too late: it is in a snapshot by now.
    if (entry === undefined) Object.assign(memory.image, copyImage(controller.committed))
    const broken = entry === undefined ? undefined : checkEntry(memory.image, entry)
    if (broken !== undefined) return broken
  }
  return checkImage(memory.image) ?? checkBrokers(world, memory.image)
}

function checkEntry(image: MetadataImage, entry: MetadataEntry): Violation | undefined {
  const { record } = entry
  if (record.type === 'RegisterBrokerRecord') {
    const before = image.brokers.get(record.brokerId)
    const same = before?.incarnationId === record.incarnationId
    if (before !== undefined && (same ? record.brokerEpoch !== before.epoch : record.brokerEpoch <= before.epoch)) return { id: 'INV-C8', what: `${record.name} has epoch ${record.brokerEpoch} after ${before.epoch}` }
  }
  const before = record.type === 'PartitionChangeRecord' ? image.partitions.get(record.partition) : undefined
  replay(image, entry)
  if (record.type !== 'PartitionChangeRecord' || before === undefined) return undefined
  const after = image.partitions.get(record.partition)!
  const raised = record.leader === undefined ? 0 : 1
  if (after.partitionEpoch !== before.partitionEpoch + 1 || after.leaderEpoch !== before.leaderEpoch + raised) {
    return { id: 'INV-C5', what: `${record.partition}: ${before.leaderEpoch}, ${before.partitionEpoch} to ${after.leaderEpoch}, ${after.partitionEpoch}` }
  }
  if (after.leader !== before.leader && after.leader !== NO_LEADER) {
    const broker = image.brokers.get(after.leader)
    const eligible = before.isr.includes(after.leader) || (after.isr.length === 1 && before.elr.includes(after.leader)) || after.leaderRecoveryState === 'RECOVERING'
    if (!eligible || broker === undefined || broker.fenced) return { id: 'INV-C6', what: `${record.partition}: b${after.leader} was chosen out of ${before.isr.join()}` }
  }
  if (!after.isr.every((id) => after.replicas.includes(id))) return { id: 'INV-C1', what: `${record.partition}: ISR ${after.isr.join()} of ${after.replicas.join()}` }
  if (after.elr.some((id) => after.isr.includes(id) || !after.replicas.includes(id))) return { id: 'INV-C1', what: `${record.partition}: ELR ${after.elr.join()}, ISR ${after.isr.join()}` }
  if (after.isr.length === 0 && after.leader !== NO_LEADER) return { id: 'INV-C2', what: record.partition }
  if (after.leader !== NO_LEADER && !after.isr.includes(after.leader)) return { id: 'INV-R3', what: `${record.partition}: b${after.leader} leads, ISR ${after.isr.join()}` }
  return undefined
}

function checkImage({ partitions, brokers }: MetadataImage): Violation | undefined {
  for (const { partition, isr } of partitions.values()) {
    const gone = isr.find((id) => brokers.get(id)?.fenced === true || brokers.get(id)?.inControlledShutdown === true)
    if (gone !== undefined && isr.length > 1) return { id: 'INV-C4', what: `${partition}: b${gone} is in the ISR ${isr.join()}` }
  }
  return undefined
}

function checkBrokers(world: World, committed: MetadataImage): Violation | undefined {
  for (const [name, node] of world.nodes) {
    if (node.kind !== 'broker') continue
    const { metadata } = (node.state ?? node.disk) as Pick<Broker, 'metadata'>
    if (metadata.endOffset > committed.endOffset) return { id: 'INV-C9', what: `${name} has applied up to ${metadata.endOffset}, committed is ${committed.endOffset}` }
    if (metadata.endOffset !== committed.endOffset) continue
    for (const [partition, { leader, leaderEpoch, partitionEpoch }] of committed.partitions) {
      const known = metadata.partitions.get(partition)
      if (known?.leader !== leader || known.leaderEpoch !== leaderEpoch || known.partitionEpoch !== partitionEpoch) return { id: 'INV-C9', what: `${name} has applied all, and has ${partition} otherwise` }
    }
  }
  return undefined
}
