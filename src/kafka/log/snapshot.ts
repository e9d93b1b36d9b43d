/**
 * `.snapshot`: what a log remembers of its producers, written down at each roll under the offset that the next segment begins
 * with, and at the end of an orderly stop. Follows storage/.../log/ProducerStateManager.java#takeSnapshot, #writeSnapshot. SEG-3, SEG-4.
 *
 * Simplified: what was remembered at a roll is read off the batches before it that the log still has.
 */
import { at } from '../../base/chunks.ts'
import type { Offset } from '../../base/units.ts'
import { crc32c } from './crc32c.ts'
import type { Log } from './log.ts'
import { lastTimestampOf, remember, type ProducerEntry } from './producer-state.ts'
import { lastSequence, RUN_BEGAN_MS } from './record.ts'

/** The first segment has none: there was nothing before it. */
export const hasSnapshot = (baseOffset: Offset): boolean => baseOffset > 0

/** Every producer's entry as it stood before this offset. */
export function producersBefore(log: Log, offset: Offset): ReadonlyMap<number, ProducerEntry> {
  if (offset >= log.endOffset) return log.producers
  const producers = new Map<number, ProducerEntry>()
  for (let i = 0; i < log.batches.length; i++) {
    const batch = at(log.batches, i)!
    if (batch.baseOffset >= offset) break
    if (batch.producerId >= 0) remember(producers, batch)
  }
  return producers
}

const VERSION = 1
/** Version, checksum, number of entries. */
const HEADER_BYTES = 10
const ENTRY_BYTES = 46
const CHECKED_FROM = 6

/** Checked from the number of entries on. */
export function snapshotBytes(producers: ReadonlyMap<number, ProducerEntry>): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + producers.size * ENTRY_BYTES)
  const view = new DataView(bytes.buffer)
  view.setInt16(0, VERSION)
  view.setInt32(6, producers.size)
  let place = HEADER_BYTES
  for (const [producerId, entry] of producers) {
    const { producerEpoch, coordinatorEpoch, openSince, batches } = entry
    const written = lastTimestampOf(entry)
    const last = batches[batches.length - 1]
    view.setBigInt64(place, BigInt(producerId))
    view.setInt16(place + 8, producerEpoch)
    view.setInt32(place + 10, last === undefined ? -1 : lastSequence(last))
    view.setBigInt64(place + 14, BigInt(last?.lastOffset ?? -1))
    view.setInt32(place + 22, last === undefined ? 0 : last.lastOffset - last.baseOffset)
    view.setBigInt64(place + 26, BigInt(written === undefined ? -1 : written + RUN_BEGAN_MS))
    view.setInt32(place + 34, coordinatorEpoch)
    view.setBigInt64(place + 38, BigInt(openSince ?? -1))
    place += ENTRY_BYTES
  }
  view.setUint32(2, crc32c(bytes.subarray(CHECKED_FROM)))
  return bytes
}
