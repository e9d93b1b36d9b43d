import { expect, test } from 'vitest'
import { newMarker } from '../kafka/log/marker.ts'
import { newBatch, NO_PRODUCER } from '../kafka/log/record.ts'
import { cellsOf } from './cells.ts'

test.each(['COMMIT', 'ABORT'] as const)('a %s marker is no record of a producer: it has neither key nor number, and says how its transaction ended', (type) => {
  const stored = { ...newMarker({ type, coordinatorEpoch: 0 }, { producerId: 1000, producerEpoch: 0 }, 0, 'b1'), baseOffset: 2, lastOffset: 2 }
  const [cell] = cellsOf(stored, new Map())
  expect(cell).toMatchObject({ offset: 2, marker: type, number: 0 })
  expect(cell!.key).toBeUndefined()
})

test('a record of a producer is no marker, whatever its key', () => {
  const batch = newBatch([{ id: 'shop#1', key: '\0\0\0\u0001', value: '', valueBytes: 0, timestamp: 0 }], 'shop', NO_PRODUCER)
  expect(cellsOf(batch, new Map())[0]!.marker).toBeUndefined()
})
