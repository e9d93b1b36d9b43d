import { expect, test } from 'vitest'
import { estimatedBytes, nextEstimate } from './packing.ts'
import type { ProducerBatch } from './state.ts'

/** What CompressionRatioEstimator of kafka-clients 4.3.1 answered to updateEstimation(), one after the other, from 1.0: observed, estimated. */
const estimates: readonly (readonly [number, number])[] = [
  [0.30000001192092896, 0.9950000047683716], [0.30000001192092896, 0.9900000095367432], [0.30000001192092896, 0.9850000143051147], [0.8999999761581421, 0.9800000190734863],
  [0.9951000213623047, 1.0299999713897705], [1.2000000476837158, 1.2000000476837158], [0.25, 1.1950000524520874], [0.25, 1.190000057220459], [0.3100000023841858, 1.1850000619888306],
  [0.3333333134651184, 1.1800000667572021],
]

test('the estimate takes the steps that Kafka\'s own class takes, to the last bit', () => {
  let current = 1
  for (const [observed, expected] of estimates) {
    current = nextEstimate(current, observed)
    expect(current).toBe(expected)
  }
  for (let i = 0; i < 60; i++) current = nextEstimate(current, 0.25)
  expect(current).toBe(0.8800003528594971)
})

/** `(int) (uncompressed * ratio * 1.05f)`, as Java counts it. */
test.each([[100, 92, 81], [1000, 924, 815], [16323, 15082, 13317], [99999, 92399, 81584], [16777217, 15502153, 13687691]])(
  '%i bytes of records are expected to become as many as in Java', (bytes, one, other) => {
    const expected = (ratio: number): number => estimatedBytes({ bytes: bytes + 61, ratio, wire: undefined } as ProducerBatch) - 61
    expect([expected(0.8800003528594971), expected(Math.fround(0.777))]).toEqual([one, other])
  })
