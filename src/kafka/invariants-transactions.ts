/** Statements about transactions, in logs and at their coordinators. */
import { at } from '../base/chunks.ts'
import type { Epoch, Offset } from '../base/units.ts'
import type { World } from '../engine/world.ts'
import type { Broker } from './broker/state.ts'
import type { Memory, Violation } from './invariants-memory.ts'
import { batchAt, type Log } from './log/log.ts'
import { markerOf } from './log/marker.ts'
import { isControl, isTransactional } from './log/record.ts'
import { lastStableOffset, NO_TRANSACTIONS } from './log/transactions.ts'
import { controllerOf, isLive, replicaOf } from './look.ts'
import { transactionVersionOf, type MetadataImage } from './metadata/image.ts'
import type { TransactionMetadata } from './transaction/metadata.ts'

export function checkTransactions(world: World, memory: Memory): Violation | undefined {
  const image = controllerOf(world)?.committed
  if (image === undefined) return undefined
  const raises = transactionVersionOf(image) === 2
  for (const { partition, leader } of image.partitions.values()) {
    const replica = isLive(world, leader) ? replicaOf(world, partition, leader) : undefined
    if (replica?.leading === undefined || replica.log.transactions === NO_TRANSACTIONS) continue
    const { log, highWatermark } = replica
    const stable = lastStableOffset(log.transactions, highWatermark)
    const broken = checkOpen(partition, log, highWatermark, stable) ?? (raises ? checkOutcomes(partition, log, highWatermark, memory) : undefined)
    if (broken !== undefined) return broken
  }
  for (const { kind, state } of world.nodes.values()) {
    const broken = kind === 'broker' && state !== undefined ? (checkCoordinator(state as Broker, memory) ?? checkEpochs(state as Broker, memory)) : undefined
    if (broken !== undefined) return broken
  }
  return checkCompleted(world, image, memory)
}

/** INV-T7. Who coordinates is who leads the partition, and a term has one leader. */
function checkCoordinator({ spec, transactions: { coordinator } }: Broker, memory: Memory): Violation | undefined {
  for (const [partition, epoch] of coordinator.partitions) {
    const term = `${partition}/${epoch}`
    const other = memory.coordinators.get(term) ?? spec.name
    if (other !== spec.name) return { id: 'INV-T7', what: `${other} and ${spec.name} coordinate ${partition} in epoch ${epoch}` }
    memory.coordinators.set(term, spec.name)
  }
  return undefined
}

/** INV-T3. All markers are written before a transaction is complete, so nothing of it is open in the log of whoever leads. */
function checkCompleted(world: World, image: MetadataImage, memory: Memory): Violation | undefined {
  const completed = new Map<number, TransactionMetadata>()
  for (const { kind, state } of world.nodes.values()) {
    if (kind !== 'broker' || state === undefined) continue
    const { coordinator } = (state as Broker).transactions
    for (const { metadata, partition } of coordinator.transactions.values()) {
      // An older coordinator does not know what the newest has begun.
      if (memory.producerEpochs.get(metadata.id)?.coordinatorEpoch === coordinator.partitions.get(partition)) completed.set(metadata.producerId, metadata)
    }
  }
  if (completed.size === 0) return undefined
  for (const { partition, leader } of image.partitions.values()) {
    const log = isLive(world, leader) ? replicaOf(world, partition, leader)?.log : undefined
    for (const { producerId, firstOffset } of log?.transactions.open ?? []) {
      const metadata = completed.get(producerId)
      const epoch = metadata === undefined ? undefined : batchAt(log!, firstOffset)?.producerEpoch
      if (epoch === undefined || !isOver(metadata!, epoch)) continue
      return { id: 'INV-T3', what: `${partition}/${firstOffset}: open with epoch ${epoch}, and ${metadata!.id} is ${metadata!.state} with epoch ${metadata!.producerEpoch}` }
    }
  }
  return undefined
}
/** With version 2 each transaction has an epoch of its own: the last one is over even while the next goes on. */
const isOver = ({ state, version, producerEpoch }: TransactionMetadata, epoch: Epoch): boolean =>
  state === 'CompleteCommit' || state === 'CompleteAbort' || state === 'Empty' || (state === 'Ongoing' && version === 2 && epoch < producerEpoch)

/** INV-T4, of a record that was given to a reader of committed records; undefined where its leader cannot be looked at. */
export function whyNotCommitted(world: World, partition: string, offset: Offset): string | undefined {
  const leader = controllerOf(world)?.committed.partitions.get(partition)?.leader ?? -1
  const log = isLive(world, leader) ? replicaOf(world, partition, leader)?.log : undefined
  const batch = log === undefined || log.transactions === NO_TRANSACTIONS ? undefined : batchAt(log, offset)
  if (batch === undefined || !isTransactional(batch)) return undefined
  const { open, aborted } = log!.transactions
  if (open.some(({ producerId, firstOffset }) => producerId === batch.producerId && firstOffset <= offset)) return 'open'
  return aborted.some(({ producerId, firstOffset, lastOffset }) => producerId === batch.producerId && firstOffset <= offset && offset <= lastOffset) ? 'aborted' : undefined
}

/** INV-T1, INV-T7 and INV-T5, counted from the batches themselves: what is decided by a marker below the high watermark holds nobody up. */
function checkOpen(partition: string, { batches }: Log, highWatermark: number, stable: number): Violation | undefined {
  const open = new Map<number, { readonly first: Offset; readonly epoch: Epoch }>()
  const markers = new Map<number, Epoch>()
  let undecided = highWatermark
  for (let i = 0; i < batches.length; i++) {
    const batch = at(batches, i)!
    if (!isTransactional(batch)) continue
    const { producerId, producerEpoch: epoch, baseOffset, lastOffset } = batch
    const begun = open.get(producerId)
    if (!isControl(batch)) {
      if (begun !== undefined && begun.epoch !== epoch) return { id: 'INV-T1', what: `${partition}/${baseOffset}: epoch ${epoch} of ${producerId} in a transaction of epoch ${begun.epoch}` }
      if (begun === undefined) open.set(producerId, { first: baseOffset, epoch })
    } else {
      const by = markerOf(batch)?.coordinatorEpoch ?? -1, last = markers.get(producerId) ?? -1
      if (by >= 0 && by < last) return { id: 'INV-T7', what: `${partition}/${baseOffset}: a marker of coordinator epoch ${by} behind one of ${last}` }
      markers.set(producerId, Math.max(by, last))
      if (lastOffset >= highWatermark) undecided = Math.min(undecided, begun?.first ?? undecided)
      open.delete(producerId)
    }
  }
  const first = Math.min(undecided, ...[...open.values()].map((each) => each.first))
  return stable === first ? undefined : { id: 'INV-T5', what: `${partition}: the last stable offset is ${stable}, the first that is not decided ${first}, HW ${highWatermark}` }
}

/** INV-T2. With version 1 an epoch has many transactions, and there is nothing to tell them apart by. */
function checkOutcomes(partition: string, { batches }: Log, highWatermark: number, memory: Memory): Violation | undefined {
  for (let i = 0; i < batches.length; i++) {
    const batch = at(batches, i)!
    const marker = isControl(batch) && batch.lastOffset < highWatermark ? markerOf(batch) : undefined
    if (marker === undefined) continue
    const key = `${batch.producerId}/${batch.producerEpoch}`
    const known = memory.markers.get(key)
    if (known === undefined) memory.markers.set(key, marker.type)
    else if (known !== marker.type) return { id: 'INV-T2', what: `${partition}/${batch.baseOffset}: ${marker.type} of ${key}, which was ${known} elsewhere` }
  }
  return undefined
}

/** INV-T6, as far as the newest coordinator of each id knows. */
function checkEpochs({ spec, transactions: { coordinator } }: Broker, memory: Memory): Violation | undefined {
  for (const { metadata: { id, producerId, producerEpoch }, partition } of coordinator.transactions.values()) {
    const coordinatorEpoch = coordinator.partitions.get(partition) ?? -1
    const known = memory.producerEpochs.get(id)
    if (known !== undefined && known.coordinatorEpoch > coordinatorEpoch) continue
    if (known !== undefined && known.coordinatorEpoch === coordinatorEpoch && known.producerId === producerId && known.producerEpoch > producerEpoch) {
      return { id: 'INV-T6', what: `${spec.name}: the epoch of ${id} went from ${known.producerEpoch} to ${producerEpoch}` }
    }
    memory.producerEpochs.set(id, { coordinatorEpoch, producerId, producerEpoch })
  }
  return undefined
}
