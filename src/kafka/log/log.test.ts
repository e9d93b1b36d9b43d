import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asText } from '../../engine/testing.ts'
import { clone } from '../../base/clone.ts'
import { someBatch } from '../testing.ts'
import { append, batchAt, beginEpoch, endOffsetForEpoch, lastEpoch, newLog, read, truncateTo, type Log } from './log.ts'
import { addSequence, lastSequence, newBatch, NO_PRODUCER, recordSize, stamped, utf8Length, varintSize } from './record.ts'

fc.configureGlobal({ seed: 1 })

/** Batches of so many records each, in these epochs. */
function logOf(...batches: readonly (readonly [records: number, epoch: number])[]): Log {
  const log = newLog()
  for (const [records, epoch] of batches) append(log, stamped(someBatch(records), log.endOffset, epoch))
  return log
}

describe('a log', () => {
  test('gives each batch its offsets, and remembers where an epoch begins', () => {
    expect(logOf([2, 0], [1, 0], [3, 4])).toMatchObject({ endOffset: 6, epochs: [[0, 0], [4, 3]] })
  })

  test('takes no batch but at its end', () => {
    const log = logOf([2, 0])
    expect(() => append(log, stamped(someBatch(), 1, 0))).toThrow('at the end of its log')
  })

  test('knows an epoch from its beginning, before it has a record', () => {
    const log = logOf([2, 0])
    beginEpoch(log, 3)
    expect([lastEpoch(log), log.epochs, endOffsetForEpoch(log, 0), endOffsetForEpoch(log, 3)]).toEqual([3, [[0, 0], [3, 2]], { epoch: 0, endOffset: 2 }, { epoch: 3, endOffset: 2 }])
    beginEpoch(log, 5)
    expect(log.epochs).toEqual([[0, 0], [5, 2]])
  })

  test('finds the batch of an offset', () => {
    const log = logOf([2, 0], [3, 0])
    expect([-1, 0, 1, 2, 4, 5].map((offset) => batchAt(log, offset)?.baseOffset)).toEqual([undefined, 0, 0, 2, 2, undefined])
  })
})

describe('reading', () => {
  const log = logOf([2, 0], [2, 0], [2, 0])
  const size = someBatch(2).sizeInBytes
  const bases = (from: number, limit: number, bytes = 1e6, atLeastOne = true) => read(log, from, limit, bytes, atLeastOne).map(({ baseOffset }) => baseOffset)
  test('gives whole batches, from the one that holds the offset', () => expect([bases(0, 6), bases(3, 6), bases(6, 6)]).toEqual([[0, 2, 4], [2, 4], []]))
  test('gives none that reaches beyond the limit', () => expect([bases(0, 4), bases(0, 3), bases(0, 1)]).toEqual([[0, 2], [0], []]))
  test('gives as much as fits, and one batch even if it does not', () => {
    expect([bases(0, 6, 2 * size), bases(0, 6, 2 * size - 1), bases(0, 6, 1)]).toEqual([[0, 2], [0], [0]])
    expect(bases(0, 6, size - 1, false)).toEqual([])
  })
})

describe('truncation', () => {
  test('drops whole batches, and the epochs that began in them', () => {
    const log = logOf([2, 0], [2, 1], [2, 2])
    expect(truncateTo(log, 3).map(({ baseOffset }) => baseOffset)).toEqual([2, 4])
    expect(log).toMatchObject({ endOffset: 2, epochs: [[0, 0]] })
    expect(truncateTo(log, 2)).toEqual([])
    expect(log.endOffset).toBe(2)
  })

  test('forgets an epoch that had not begun to write', () => {
    const log = logOf([2, 0])
    beginEpoch(log, 1)
    expect(truncateTo(log, 2)).toEqual([])
    expect(log.epochs).toEqual([[0, 0]])
  })

  // PRD-32: the producers that a log remembers are those of its batches.
  test('leaves the log as if what it drops had never been there', () => {
    const move = fc.record({ records: fc.integer({ min: 1, max: 3 }), producerId: fc.constantFrom(-1, 1, 2), epochStep: fc.constantFrom(0, 0, 1) })
    fc.assert(fc.property(fc.array(move, { maxLength: 20 }), fc.nat(30), (moves, to) => {
      const build = (upTo: number): Log => {
        const log = newLog()
        const next = new Map<number, number>()
        let epoch = 0
        for (const { records, producerId, epochStep } of moves) {
          epoch += epochStep
          const baseSequence = next.get(producerId) ?? 0
          next.set(producerId, baseSequence + records)
          if (log.endOffset + records > upTo) break
          append(log, stamped(someBatch(records, producerId < 0 ? NO_PRODUCER : { producerId, producerEpoch: 0, baseSequence }), log.endOffset, epoch))
        }
        return log
      }
      const whole = build(Infinity)
      const snapshot = clone(whole)
      const before = asText(snapshot)
      truncateTo(whole, to)
      expect(asText(whole)).toBe(asText(build(Math.min(to, snapshot.endOffset))))
      expect(asText(snapshot)).toBe(before)
    }))
  })
})

describe('sizes and sequences', () => {
  test('varints', () => {
    expect([0, -1, 63, 64, -64, -65, 8191, 8192, 1048575, 1048576, 134217727, 134217728].map(varintSize)).toEqual([1, 1, 1, 2, 1, 2, 2, 3, 3, 4, 4, 5])
  })
  test('texts, as UTF-8 counts them', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length)
    }))
    expect(utf8Length('주문 8')).toBe(8)
  })
  test('a key that is missing takes one byte, like an empty one', () => {
    const size = (key: string | undefined, value: string | undefined) => recordSize({ key, value, valueBytes: undefined }, 0, 0)
    expect([size(undefined, undefined), size('', ''), size('k', 'v')]).toEqual([7, 7, 9])
  })
  test('a batch knows its newest timestamp', () => {
    const record = { id: 'p#1', key: undefined, value: 'v', valueBytes: undefined }
    expect(newBatch([5, 9, 7].map((timestamp) => ({ ...record, timestamp })), 'p', NO_PRODUCER).maxTimestamp).toBe(9)
  })
  test('sequences wrap from 2^31 - 1 to 0', () => {
    expect([addSequence(2147483646, 1), addSequence(2147483647, 1), addSequence(2147483647, 3)]).toEqual([2147483647, 0, 2])
    expect(lastSequence(someBatch(3, { producerId: 1, producerEpoch: 0, baseSequence: 2147483646 }))).toBe(0)
  })
})
