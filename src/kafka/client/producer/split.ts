import { addSequence, recordSize } from '../../log/record.ts'
import { openBatch, queueOf, release, sizeUpperBound, take } from './accumulator.ts'
import { packingSlot, sizeOf } from './packing-slot.ts'
import { putBack } from './put-back.ts'
import type { ProducerBatch, ProducerContext, ProducerState } from './state.ts'

/**
 * PRD-7: a batch that the broker finds too large becomes several, of at most `batch.size`; one that came of that, of half its
 * size. They keep its sequences. Follows clients/.../producer/internals/{RecordAccumulator.java#splitAndReenqueue,ProducerBatch.java#split}.
 */
export function split(state: ProducerState, batch: ProducerBatch, ctx: ProducerContext): void {
  const { sequenced } = queueOf(state, batch.partition)
  const place = sequenced.indexOf(batch.id)
  release(state, batch)
  if (state.settings.codec !== 0) packingSlot().expectLittle(state, batch)
  const target = batch.isSplit === true ? Math.max(Math.floor(sizeOf(batch) / 2), ...batch.records.map(sizeUpperBound)) : state.settings.batchSize
  const parts: ProducerBatch[] = []
  batch.records.forEach((record, i) => {
    let part = parts.at(-1)
    let size = recordSize(record, part?.records.length ?? 0, record.timestamp - (part?.records[0]?.timestamp ?? record.timestamp))
    if (part === undefined || sizeOf(part) + size > part.limit) {
      part = openBatch(state, batch.partition, Math.max(target, sizeUpperBound(record)), batch.createdAt, true)
      part.sealed = true
      size = recordSize(record, 0, 0)
      parts.push(part)
    }
    take(part, { number: batch.numbers[i]! }, record, size, batch.sentAt[i]!)
  })
  ctx.note({ code: 'batch.split', producer: state.config.id, partition: batch.partition, records: batch.records.length, bytes: sizeOf(batch), into: parts.length })
  if (place >= 0) keepSequences(batch, parts, sequenced, place)
  // In sequence each finds its place; without one each goes to the front.
  for (const part of place >= 0 ? parts : parts.toReversed()) putBack(state, part)
}

function keepSequences(batch: ProducerBatch, parts: readonly ProducerBatch[], sequenced: number[], place: number): void {
  let sequence = batch.baseSequence
  for (const part of parts) {
    part.producerId = batch.producerId
    part.producerEpoch = batch.producerEpoch
    part.baseSequence = sequence
    sequence = addSequence(sequence, part.records.length)
  }
  sequenced.splice(place, 0, ...parts.map(({ id }) => id))
}
