/** Transactions as a log sees them: the last stable offset, aborted transactions, markers. KIP-98, KIP-890; TXN-8 to TXN-10. */
import { describe, expect, test } from 'vitest'
import { someRecords } from '../testing.ts'
import { append, newLog, raiseStart, read, truncateTo, dropSegmentsBefore, roll, type Log } from './log.ts'
import { newMarker } from './marker.ts'
import { checkSequence } from './producer-state.ts'
import { isControl, newBatch, NO_PRODUCER, offsetOf, stamped, TRANSACTIONAL } from './record.ts'
import { abortedBetween, checkMarker, committedOnly, forgetReplicated, lastStableOffset } from './transactions.ts'

const write = (log: Log, producerId: number, count = 1, producerEpoch = 0, baseSequence = 0): void => {
  const records = someRecords(count)
  const batch = producerId < 0 ? newBatch(records, 'p', NO_PRODUCER) : newBatch(records, 'p', { producerId, producerEpoch, baseSequence }, TRANSACTIONAL)
  append(log, stamped(batch, log.endOffset, 0))
}
const end = (log: Log, type: 'COMMIT' | 'ABORT', producerId: number, producerEpoch = 1): void =>
  void append(log, stamped(newMarker({ type, coordinatorEpoch: 0 }, { producerId, producerEpoch }, 0, 'coordinator'), log.endOffset, 0))
const stable = (log: Log, highWatermark = log.endOffset): number => lastStableOffset(log.transactions, highWatermark)
const visible = (log: Log): number[] => {
  const limit = stable(log)
  return committedOnly(read(log, log.startOffset, limit, Infinity), abortedBetween(log.transactions, 0, limit)).flatMap((batch) => batch.records.map((_, i) => offsetOf(batch, i)))
}

describe('the last stable offset', () => {
  // Docs, isolation.level: "Messages will always be returned in offset order. Hence, in read_committed mode, consumer.poll() will only return messages up to the last stable
  // offset (LSO), which is the one less than the offset of the first open transaction. In particular any messages appearing after messages belonging to ongoing transactions
  // will be withheld until the relevant transaction has been completed."
  test('stops at the first open transaction, for everybody', () => {
    const log = newLog()
    write(log, -1)
    write(log, 7)
    write(log, -1)
    write(log, 8)
    end(log, 'COMMIT', 8)
    expect([stable(log), visible(log)]).toEqual([1, [0]])
    end(log, 'COMMIT', 7)
    expect([stable(log), visible(log)]).toEqual([6, [0, 1, 2, 3]])
  })

  // ProducerStateManager#firstUnstableOffset: a transaction that has ended counts until its marker is below the high watermark.
  test('moves when the marker is committed, not when it is written', () => {
    const log = newLog()
    write(log, 7)
    end(log, 'COMMIT', 7)
    expect([stable(log, 1), stable(log, 2)]).toEqual([0, 2])
    log.transactions = forgetReplicated(log.transactions, 2)
    expect(log.transactions.unreplicated).toEqual([])
  })
})

describe('aborted transactions', () => {
  // KIP-98: "the consumer ... will be able to discard messages from aborted transactions" by the list that the broker sends along.
  test('are told by their first offset and their marker, and their records are passed over', () => {
    const log = newLog()
    write(log, 7)
    write(log, 8)
    end(log, 'ABORT', 7)
    write(log, 7, 2, 1)
    end(log, 'COMMIT', 8)
    end(log, 'COMMIT', 7, 2)
    expect(log.transactions.aborted).toEqual([{ producerId: 7, firstOffset: 0, lastOffset: 2, lastStableOffset: 1 }])
    expect(visible(log)).toEqual([1, 3, 4])
    expect([abortedBetween(log.transactions, 3, 9), abortedBetween(log.transactions, 2, 9).length]).toEqual([[], 1])
  })

  test('a truncation takes back what it cuts off; a deleted segment takes its entries along', () => {
    const log = newLog()
    write(log, 7)
    end(log, 'ABORT', 7)
    roll(log, log.endOffset, 0)
    write(log, 8)
    end(log, 'ABORT', 8)
    truncateTo(log, 3)
    expect([log.transactions.aborted.length, stable(log), log.producers.get(8)!.openSince]).toEqual([1, 2, 2])
    raiseStart(log, 2)
    dropSegmentsBefore(log, 2)
    expect(log.transactions.aborted).toEqual([])
  })
})

describe('markers', () => {
  // REC-4: a control batch takes one offset, and 78 bytes.
  test('take an offset and 78 bytes', () => {
    const log = newLog()
    write(log, 7)
    end(log, 'ABORT', 7)
    const [, marker] = read(log, 0, 2, Infinity)
    expect([isControl(marker!), marker!.sizeInBytes, log.endOffset, marker!.baseSequence]).toEqual([true, 78, 2, -1])
  })

  // KIP-890, part 2: "bump the epoch on each transaction", so that a late marker cannot end the transaction that follows.
  test('of an epoch that is not newer than the data are late', () => {
    const log = newLog()
    write(log, 7, 1, 4)
    const check = (producerEpoch: number, version: 1 | 2, coordinatorEpoch = 0) => checkMarker(log.producers.get(7), { producerEpoch, coordinatorEpoch }, version)
    expect([check(4, 1), check(3, 1), check(4, 2), check(5, 2)]).toEqual([undefined, 'INVALID_PRODUCER_EPOCH', 'INVALID_PRODUCER_EPOCH', undefined])
    append(log, stamped(newMarker({ type: 'COMMIT', coordinatorEpoch: 3 }, { producerId: 7, producerEpoch: 5 }, 0, 'coordinator'), log.endOffset, 0))
    // A repeat of the one that has come already, and one of a coordinator that has been replaced.
    expect([check(5, 2, 3), check(5, 2, 2)]).toEqual([undefined, 'TRANSACTION_COORDINATOR_FENCED'])
  })

  test('begin the sequences anew where they raise the epoch', () => {
    const log = newLog()
    write(log, 7, 3)
    end(log, 'COMMIT', 7)
    const next = (baseSequence: number) => checkSequence(log.producers.get(7), newBatch(someRecords(1), 'p', { producerId: 7, producerEpoch: 1, baseSequence }, TRANSACTIONAL)).kind
    expect([next(0), next(3)]).toEqual(['append', 'refused'])
  })
})
