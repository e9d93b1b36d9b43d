import { expect, test } from 'vitest'
import { txnOf } from './transactions.ts'

test('a record is aborted between the first of its transaction and the marker, open while there is none', () => {
  const log = { lastStable: 6, open: [{ producerId: 1, first: 8 }], aborted: [{ producerId: 1, first: 2, last: 4 }, { producerId: 2, first: 3, last: 6 }] }
  const of = (txn: number | undefined, offset: number) => txnOf({ offset, ...(txn === undefined ? {} : { txn }) }, log)
  expect([2, 4, 5, 7, 8, 9].map((offset) => of(1, offset))).toEqual(['aborted', 'aborted', undefined, undefined, 'open', 'open'])
  expect([of(2, 2), of(2, 3), of(3, 3), of(undefined, 3)]).toEqual([undefined, 'aborted', undefined, undefined])
  expect(txnOf({ txn: 1, offset: 8 }, undefined)).toBeUndefined()
})
