import type { Coordinator, PendingWrite } from './state.ts'

/** GRP-3: who asked is answered when the high watermark has passed the record. */
export function addPending(coordinator: Coordinator, partition: string, write: PendingWrite): void {
  const waiting = coordinator.pending.get(partition)
  if (waiting === undefined) coordinator.pending.set(partition, [Object.freeze(write)])
  else waiting.push(Object.freeze(write))
}
