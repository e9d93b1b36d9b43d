/**
 * Idempotence, the client's half (PRD-30 to PRD-36): a producer id with an epoch, and a sequence for each record of a
 * partition, by which the broker knows a batch that comes again.
 * Follows clients/.../producer/internals/{TransactionManager,TxnPartitionEntry}.java.
 */
import { addSequence } from '../../log/record.ts'
import { queueOf } from './accumulator.ts'
import type { ClientTransaction } from '../transactional/state.ts'
import type { PartitionQueue, ProducerBatch, ProducerState } from './state.ts'

const LARGEST_EPOCH = 32767

const isStale = (state: ProducerState, queue: PartitionQueue): boolean =>
  queue.producerId !== state.identity.producerId || queue.producerEpoch !== state.identity.epoch

export const isNextSequence = (queue: PartitionQueue, sequence: number): boolean =>
  sequence === (queue.lastAckedSequence < 0 ? 0 : addSequence(queue.lastAckedSequence, 1))

/** PRD-34: may this batch, the first of its partition, go out now? */
export function mayBeSent(state: ProducerState, queue: PartitionQueue, first: ProducerBatch): boolean {
  if (state.identity.state !== 'known' || (state.txn !== undefined && !mayTakePart(state.txn, queue.partition))) return false
  if (first.baseSequence < 0) {
    if (queue.sequenced.length > 0 && isStale(state, queue)) return false
    return queue.unresolved === undefined
  }
  // Of those being tried again only the first; the others wait until it is through.
  return queue.sequenced[0] === first.id
}

/** Version 1: the coordinator has to be told of the partition first. With version 2 its leader tells it. */
function mayTakePart(txn: ClientTransaction, partition: string): boolean {
  if (txn.partitions.includes(partition)) return true
  if (txn.version === 1) {
    if (!txn.newPartitions.includes(partition)) txn.newPartitions.push(partition)
    return false
  }
  txn.partitions.push(partition)
  txn.started = true
  return true
}

/** Give a batch that is sent for the first time its sequence. It keeps it for good: an earlier try may have been written. */
export function numberBatch(state: ProducerState, queue: PartitionQueue, batch: ProducerBatch): void {
  if (batch.baseSequence >= 0) return
  if (isStale(state, queue) && queue.sequenced.length === 0) startAtBeginning(state, queue)
  batch.producerId = state.identity.producerId
  batch.producerEpoch = state.identity.epoch
  batch.baseSequence = queue.nextSequence
  queue.nextSequence = addSequence(queue.nextSequence, batch.records.length)
  queue.sequenced.push(batch.id)
}

function startAtBeginning(state: ProducerState, queue: PartitionQueue): void {
  let sequence = 0
  for (const id of queue.sequenced) {
    const batch = state.batches.get(id)!
    batch.producerId = state.identity.producerId
    batch.producerEpoch = state.identity.epoch
    batch.baseSequence = sequence
    batch.renumbered = true
    batch.wire = undefined
    sequence = addSequence(sequence, batch.records.length)
  }
  queue.producerId = state.identity.producerId
  queue.producerEpoch = state.identity.epoch
  queue.nextSequence = sequence
  queue.lastAckedSequence = -1
}

/** PRD-35: the next pass raises the epoch, and this partition's sequences start again from 0. */
export function requestBump(state: ProducerState, partition: string): void {
  state.identity.bump = true
  if (!state.identity.rewrite.includes(partition)) state.identity.rewrite.push(partition)
}

/** No broker is asked: the id is the producer's own. With the last epoch used up, a new id is needed instead. */
export function maybeBump(state: ProducerState): void {
  const { identity } = state
  if (!identity.bump) return
  identity.bump = false
  if (identity.epoch >= LARGEST_EPOCH) {
    identity.state = 'none'
    identity.producerId = -1
    identity.epoch = -1
  } else identity.epoch++
  for (const partition of identity.rewrite) {
    const queue = queueOf(state, partition)
    startAtBeginning(state, queue)
    queue.unresolved = undefined
  }
  identity.rewrite = []
}

/** A partition with an expired batch goes on once the rest is through: at once if it was not the last, with a new epoch if it was. */
export function maybeResolve(state: ProducerState): void {
  if (!state.hasUnresolved) return
  state.hasUnresolved = false
  for (const queue of state.queues.values()) {
    if (queue.unresolved === undefined) continue
    if (queue.sequenced.length > 0) {
      state.hasUnresolved = true
      continue
    }
    if (!isNextSequence(queue, queue.nextSequence)) requestBump(state, queue.partition)
    queue.unresolved = undefined
  }
}

export function markUnresolved(state: ProducerState, queue: PartitionQueue, batch: ProducerBatch): void {
  state.hasUnresolved = true
  const next = addSequence(batch.baseSequence, batch.records.length)
  queue.unresolved = queue.unresolved === undefined ? next : Math.max(queue.unresolved, next)
}

export function acknowledged(queue: PartitionQueue, batch: ProducerBatch): void {
  const last = addSequence(batch.baseSequence, batch.records.length - 1)
  if (batch.producerEpoch === queue.producerEpoch && last > queue.lastAckedSequence) queue.lastAckedSequence = last
}

/** Its sequence is not the next one: what comes before it is still to be tried again, and so is it. */
export const isOvertaken = (queue: PartitionQueue, batch: ProducerBatch): boolean => queue.unresolved === undefined && !isNextSequence(queue, batch.baseSequence)

/** PRD-36: a gap in the sequences is healed by a new epoch, and whatever is not the next in line is simply sent again. */
export function healSequence(state: ProducerState, queue: PartitionQueue, batch: ProducerBatch): void {
  const unresolved = queue.unresolved !== undefined
  if (!unresolved && (batch.renumbered || !isNextSequence(queue, batch.baseSequence))) return
  if (!unresolved || batch.baseSequence === queue.unresolved) requestBump(state, batch.partition)
}
