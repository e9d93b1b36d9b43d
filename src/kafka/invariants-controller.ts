/** Statements about the metadata log and what follows from it. */
import type { World } from '../engine/world.ts'
import type { Broker } from './broker/state.ts'
import { configOf } from './config.ts'
import { entryAt } from './controller/metadata-log.ts'
import type { Memory, Violation } from './invariants-memory.ts'
import { controllerOf } from './look.ts'
import { copyImage, replay, type MetadataImage } from './metadata/image.ts'
import { ELR_FEATURE, NO_LEADER, type MetadataEntry, type MetadataRecord } from './metadata/records.ts'
import type { PartitionRegistration } from './metadata/image.ts'
import type { Controller } from './controller/state.ts'
import type { SentMessage } from './invariants-replication.ts'
import type { CreatePartitionsRequest, CreateTopicsRequest } from './protocol/admin.ts'
import { forgetTopic } from './invariants-log.ts'

/** What has been committed since the last look, record by record; then who knows it. */
export function checkController(world: World, memory: Memory): Violation | undefined {
  const broken = noteCommitted(world, memory)
  if (broken !== undefined) return broken
  return checkImage(memory.image) ?? checkBrokers(world, memory.image)
}

export function noteCommitted(world: World, memory: Memory): Violation | undefined {
  const controller = controllerOf(world)
  if (controller === undefined || memory.image.endOffset >= controller.highWatermark) return undefined
  while (memory.image.endOffset < controller.highWatermark) {
    const entry = entryAt(controller, memory.image.endOffset)
    // Looked at too late: it is in a snapshot by now.
    if (entry === undefined) Object.assign(memory.image, copyImage(controller.committed))
    const broken = entry === undefined ? undefined : checkEntry(world, memory, entry)
    if (broken !== undefined) return broken
  }
  for (const topic of memory.image.topics.keys()) noteCount(memory, topic, memory.image.topics.get(topic)!.partitions.length)
  return undefined
}

/** For a run that is not looked at from its start: what has been decided counts as right. */
export function recallImage(world: World, memory: Memory): void {
  const controller = controllerOf(world)
  if (controller === undefined) return
  const { committed } = controller
  Object.assign(memory.image, copyImage(committed))
  for (let offset = controller.logStart; offset < controller.highWatermark; offset++) {
    const record = entryAt(controller, offset)?.record
    if (record?.type === 'RemoveTopicRecord') memory.gone.set(record.topic, { offset, at: world.now })
  }
  for (const { name, partitions } of committed.topics.values()) noteCount(memory, name, partitions.length)
}

/** The topic has, or somebody believes it to have, so many partitions. */
export function noteCount({ counts }: Memory, topic: string, count: number): void {
  const known = counts.get(topic)
  if (known === undefined) counts.set(topic, new Set([count]))
  else known.add(count)
}

function checkEntry(world: World, memory: Memory, entry: MetadataEntry): Violation | undefined {
  const { record } = entry
  const { image } = memory
  if (record.type === 'RemoveTopicRecord') forgetTopic(memory, record.topic, image.topics.get(record.topic)?.partitions ?? [], { offset: entry.offset, at: world.now })
  if (record.type === 'PartitionRecord') {
    replay(image, entry)
    return checkPlacement(image, record, memory)
  }
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
  const least = minIsrOf(world, image, after)
  if (least !== undefined && after.isr.length >= least && after.elr.length > 0) return { id: 'INV-C3', what: `${record.partition}: ISR ${after.isr.join()} of at least ${least}, ELR ${after.elr.join()}` }
  return undefined
}

/** As a controller has it when it decides: the topic's, the cluster's, or its own properties file's; never more than there are replicas. undefined = there is no ELR. */
function minIsrOf(world: World, { topics, brokerConfig, features }: MetadataImage, { topic, replicas }: PartitionRegistration): number | undefined {
  if ((features.get(ELR_FEATURE) ?? 0) === 0) return undefined
  const controller = [...world.nodes.values()].find(({ kind, state }) => kind === 'controller' && state !== undefined)?.state as Controller | undefined
  const name = 'min.insync.replicas'
  return Math.min(Number(topics.get(topic)?.config[name] ?? brokerConfig.get(name) ?? controller?.spec.overrides[name] ?? configOf('broker', name)?.default), replicas.length)
}

/** What somebody asks for says whether Kafka is to choose the brokers. */
export function noteCreation(_world: World, { message: { topic, assignments } }: SentMessage<CreateTopicsRequest | CreatePartitionsRequest>, { placements }: Memory): undefined {
  if (assignments !== undefined) placements.set(topic, 'assigned')
  else if (!placements.has(topic)) placements.set(topic, 'placed')
}

/** INV-C11, of a new partition: as many racks as replicas, if there are as many, where Kafka has placed them. */
function checkPlacement({ brokers }: MetadataImage, { partition, topic, replicas, leader }: Extract<MetadataRecord, { type: 'PartitionRecord' }>, { placements }: Memory): Violation | undefined {
  if (new Set(replicas).size < replicas.length) return { id: 'INV-C11', what: `${partition}: replicas ${replicas.join()}` }
  const placed = placements.get(topic)
  if (placed === undefined) return undefined
  const leads = brokers.get(leader)
  if (leads?.fenced !== false) return { id: 'INV-C11', what: `${partition}: b${leader} is to lead, and is fenced` }
  if (placed === 'assigned') return undefined
  const racks = (ids: Iterable<number>): number => new Set([...ids].map((id) => brokers.get(id)?.rack)).size
  const usable = [...brokers.values()].filter(({ fenced, inControlledShutdown }) => fenced || !inControlledShutdown).map(({ id }) => id)
  if (racks(usable) < replicas.length || racks(replicas) === replicas.length) return undefined
  return { id: 'INV-C11', what: `${partition}: replicas ${replicas.join()} are in ${racks(replicas)} racks of ${racks(usable)}` }
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
