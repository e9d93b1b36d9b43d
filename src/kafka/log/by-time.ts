/** Finding a record by its time. Follows storage/.../log/{UnifiedLog#fetchOffsetByTimestamp,LogSegment#findOffsetByTimestamp}. */
import { at } from '../../base/chunks.ts'
import type { Epoch, Offset } from '../../base/units.ts'
import type { Log } from './log.ts'
import { offsetOf, timestampOf } from './record.ts'

/** The first record that is as late, milliseconds of the run, among those before `limit`; -1 = there is none. */
export function firstNotBefore(log: Log, timestamp: number, limit: Offset): { readonly offset: Offset; readonly leaderEpoch: Epoch } {
  for (let i = 0; i < log.batches.length; i++) {
    const batch = at(log.batches, i)!
    if (batch.baseOffset >= limit) break
    if (batch.maxTimestamp < timestamp || batch.lastOffset < log.startOffset) continue
    for (let j = 0; j < batch.records.length; j++) {
      const offset = offsetOf(batch, j)
      if (offset >= log.startOffset && offset < limit && timestampOf(batch, j) >= timestamp) return { offset, leaderEpoch: batch.partitionLeaderEpoch }
    }
  }
  return { offset: -1, leaderEpoch: -1 }
}
