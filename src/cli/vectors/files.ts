/** Files of a log directory, and what a broker makes of them when it starts. */
import {
  cleanShutdownFile, leaderEpochCheckpoint, offsetCheckpoint, partitionMetadata, segmentFileNames,
} from '../../kafka/log/files.ts'
import {
  abortedTxnBytes, addTime, lookUpOffset, lookUpTime, offsetIndexBytes, timeIndexBytes, type IndexEntry, type TimeIndexEntry,
} from '../../kafka/log/indexes.ts'
import { append, newLog } from '../../kafka/log/log.ts'
import { stamped } from '../../kafka/log/record.ts'
import { load, type Damage } from '../../kafka/log/recovery.ts'
import { INDEX_ENTRY_BYTES, TIME_INDEX_ENTRY_BYTES } from '../../kafka/log/segment.ts'
import type { AbortedTxn } from '../../kafka/log/transactions.ts'
import { batchOfBytes } from '../../kafka/testing.ts'
import { adapter, hexOf, type Adapters } from './adapter.ts'
import { configOfVector, segmentList } from './disk.ts'

interface OffsetIndex {
  baseOffset: number
  entries: IndexEntry[]
  lookupTargets: number[]
}
interface TimeIndex {
  baseOffset: number
  maybeAppendCalls: TimeIndexEntry[]
  lookupTargets: number[]
}
interface Recovery {
  'segment.bytes': number
  recordEpochs: number[]
  batchSizeBytes: number
  damage: Damage | null
  recoveryPoint: number
  cleanShutdownMarkerPresent: boolean
}

export const fileAdapters: Adapters = {
  'file-format/offset-checkpoint': adapter(({ entries }: { entries: [string, number, number][] }) => ({ text: offsetCheckpoint(entries) })),
  'file-format/leader-epoch-checkpoint': adapter(({ entries }: { entries: [number, number][] }) => ({ text: leaderEpochCheckpoint(entries) })),
  'file-format/partition-metadata': adapter(({ topicId }: { topicId: string }) => ({ text: partitionMetadata(topicId) })),
  'file-format/clean-shutdown': adapter(({ brokerEpoch }: { brokerEpoch: number }) => ({ text: cleanShutdownFile(brokerEpoch) })),
  'file-format/offset-index': adapter(({ baseOffset, entries, lookupTargets }: OffsetIndex) => ({
    hex: hexOf(offsetIndexBytes(baseOffset, entries)),
    entrySizeBytes: INDEX_ENTRY_BYTES,
    lookup: Object.fromEntries(lookupTargets.map((target) => [target, lookUpOffset(baseOffset, entries, target)])),
  })),
  'file-format/time-index': adapter(({ baseOffset, maybeAppendCalls, lookupTargets }: TimeIndex) => {
    const entries = maybeAppendCalls.reduce<readonly TimeIndexEntry[]>((so, [timestamp, offset]) => addTime(so, timestamp, offset), [])
    return {
      hex: hexOf(timeIndexBytes(baseOffset, entries)),
      entrySizeBytes: TIME_INDEX_ENTRY_BYTES,
      lookup: Object.fromEntries(lookupTargets.map((target) => [target, lookUpTime(baseOffset, entries, target)])),
    }
  }),
  'file-format/transaction-index': adapter((txn: AbortedTxn) => ({ hex: hexOf(abortedTxnBytes(txn)), sizeBytes: abortedTxnBytes(txn).length })),
  'file-format/segment-file-names': adapter(({ baseOffset }: { baseOffset: number }) => segmentFileNames(baseOffset)),
  'log-recovery': adapter((input: Recovery) => {
    const log = newLog(configOfVector({ 'segment.bytes': input['segment.bytes'] }))
    for (const epoch of input.recordEpochs) append(log, stamped(batchOfBytes(input.batchSizeBytes), log.endOffset, epoch))
    log.recoveryPoint = input.recoveryPoint
    load(log, input.cleanShutdownMarkerPresent, input.damage === null ? [] : [input.damage])
    return { logEndOffsetAfter: log.endOffset, segmentsAfter: segmentList(log), leaderEpochCache: log.epochs }
  }),
}
