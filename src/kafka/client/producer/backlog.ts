/**
 * Which partitions have batches that wait, so that a pass of the sender looks at these alone, however many partitions there are.
 * In the order in which their queues were made, as if all of them were looked at.
 */
import type { PartitionQueue, ProducerState } from './state.ts'

/** A batch waits in this queue now. */
export function joinBacklog({ backlog, queues }: ProducerState, { partition, place }: PartitionQueue): void {
  let at = backlog.length
  while (at > 0) {
    const before = backlog[at - 1]!
    if (before === partition) return
    if (queues.get(before)!.place < place) break
    at--
  }
  if (at === backlog.length) backlog.push(partition)
  else backlog.splice(at, 0, partition)
}

/** One batch less waits in it. */
export function leaveBacklog({ backlog }: ProducerState, { partition, waiting }: PartitionQueue): void {
  if (waiting.length > 0) return
  const at = backlog.indexOf(partition)
  if (at === 0) backlog.shift()
  else if (at > 0) backlog.splice(at, 1)
}
