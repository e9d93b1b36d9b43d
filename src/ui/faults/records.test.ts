import { expect, test } from 'vitest'
import { mostRecords, recordsOf } from './records.ts'

test('{n} counts, an empty key is no key', () => {
  expect(recordsOf('k{n}', '', 2)).toEqual([{ key: 'k1', value: undefined }, { key: 'k2', value: undefined }])
})
test('at least one record, and no more than can be looked at', () => {
  expect(recordsOf('', 'v', 0)).toHaveLength(1)
  expect(recordsOf('', 'v', 1e9)).toHaveLength(mostRecords)
})
