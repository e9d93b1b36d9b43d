/** Whatever happens to messages on their way: what an idempotent producer is told is stored stands once, and in its order. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { between } from '../base/chunks.ts'
import { MILLISECOND as MS } from '../base/units.ts'
import type { Input } from '../engine/input.ts'
import { producer, TestCluster } from './testing.ts'

type Tamper = Extract<Input, { do: 'tamper' }>
const waysOf: readonly (readonly [from: string, to: string, message: string])[] = [
  ['p', 'b1', 'ProduceRequest'], ['b1', 'p', 'ProduceResponse'], ['b2', 'b1', 'FetchRequest'], ['b1', 'b2', 'FetchResponse'], ['b1', 'b3', 'FetchResponse'], ['p', 'b1', 'MetadataRequest'],
]
const tampers = fc.array(fc.record({
  at: fc.integer({ min: 0, max: 30 }), way: fc.constantFrom(...waysOf), how: fc.constantFrom('drop' as const, 'delay' as const, 'duplicate' as const),
  by: fc.integer({ min: 1, max: 3000 }), times: fc.integer({ min: 1, max: 3 }), close: fc.boolean(),
}), { minLength: 1, maxLength: 8 })

// KIP-98: "Idempotent producer guarantees: messages are persisted exactly once, in order, per partition".
test('exactly once and in order, whatever is dropped, late or sent twice', { timeout: 60_000 }, () => {
  fc.assert(fc.property(tampers, (list) => {
    const cluster = new TestCluster({ producers: [producer('p', { 'linger.ms': 0 })] })
    for (let tenth = 0; tenth < 30; tenth++) {
      for (const { at, way: [from, to, message], how, by, times, close } of list) {
        if (at !== tenth) continue
        const input: Tamper = { do: 'tamper', from, to, message, how, by: by * MS, times, close }
        cluster.do(input)
      }
      cluster.send('p', { value: String(tenth) }).run(0.1)
    }
    cluster.run(200)
    const { acked, failed } = cluster.producer('p').notebook
    const stored = [...between(cluster.replica(cluster.truth().leader).log.batches, 0)].flatMap(({ records }) => records.map(({ value }) => Number(value)))
    expect(acked + failed).toBe(30)
    expect(new Set(stored).size).toBe(stored.length)
    expect(stored).toEqual(stored.toSorted((a, b) => a - b))
    expect(stored.length).toBeGreaterThanOrEqual(acked)
  }), { seed: 42, numRuns: 40 })
})
