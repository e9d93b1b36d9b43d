/** Statements about transactions, in logs and at their coordinators. */
import { at } from '../base/chunks.ts'
import type { World } from '../engine/world.ts'
import type { Broker } from './broker/state.ts'
import type { Memory, Violation } from './invariants-memory.ts'
import type { Log } from './log/log.ts'
import { markerOf } from './log/marker.ts'
import { isControl, isTransactional } from './log/record.ts'
import { lastStableOffset, NO_TRANSACTIONS } from './log/transactions.ts'
import { controllerOf, isLive, replicaOf } from './look.ts'
import { transactionVersionOf } from './metadata/image.ts'

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
    const broken = kind === 'broker' && state !== undefined ? checkEpochs(state as Broker, memory) : undefined
    if (broken !== undefined) return broken
  }
  return undefined
}

/** INV-T5, counted from the batches themselves: what is decided by a marker below the high watermark holds nobody up. */
function checkOpen(partition: string, { batches }: Log, highWatermark: number, stable: number): Violation | undefined {
  const open = new Map<number, number>()
  let undecided = highWatermark
  for (let i = 0; i < batches.length; i++) {
    const batch = at(batches, i)!
    if (!isTransactional(batch)) continue
    const { producerId, baseOffset, lastOffset } = batch
    if (!isControl(batch)) {
      if (!open.has(producerId)) open.set(producerId, baseOffset)
    } else {
      if (lastOffset >= highWatermark) undecided = Math.min(undecided, open.get(producerId) ?? undecided)
      open.delete(producerId)
    }
  }
  const first = Math.min(undecided, ...open.values())
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
