import { queueOf, remove } from './accumulator.ts'
import { joinBacklog } from './backlog.ts'
import type { ProducerBatch, ProducerState } from './state.ts'

/** PRD-34: back among the waiting, in order of its sequence; without sequences at the front. */
export function putBack(state: ProducerState, batch: ProducerBatch): void {
  const queue = queueOf(state, batch.partition)
  const { waiting } = queue
  remove(waiting, batch.id)
  const place = batch.baseSequence < 0 ? 0 : waiting.findIndex((id) => !isBefore(state.batches.get(id)!, batch))
  waiting.splice(place < 0 ? waiting.length : place, 0, batch.id)
  joinBacklog(state, queue)
}

/** Batches without a sequence yet come after all that have one; of two epochs the lower is the older. */
function isBefore(one: ProducerBatch, other: ProducerBatch): boolean {
  if (one.baseSequence < 0) return false
  return one.producerEpoch === other.producerEpoch ? one.baseSequence < other.baseSequence : one.producerEpoch < other.producerEpoch
}
