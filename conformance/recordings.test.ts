import { describe, expect, test } from 'vitest'
import type { ComparisonRecord } from '../src/scenario/comparison-record.ts'
import { changes, recordingText } from './recordings.ts'

const record: ComparisonRecord = {
  step: 'one', elapsedMs: 120, client: [{ by: 'p', op: 'send t/0', result: { offset: 3 } }],
  partitions: { 't/0': { leader: 'b1', leaderEpoch: 0, partitionEpoch: 1, replicas: ['b1', 'b2'], isr: ['b1'], elr: [], lastKnownElr: [], earliest: 0, hw: 4, lso: 4 } },
}

describe('recordings', () => {
  test('are JSON, with what belongs together on one line', () => {
    const text = recordingText([record])
    expect(JSON.parse(text)).toEqual([record])
    expect(text).toContain('\n      {"by":"p","op":"send t/0","result":{"offset":3}}\n')
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(200)
  })

  test('say by step and path what has changed, and not how long it took', () => {
    expect(changes([record], [{ ...record, elapsedMs: 99 }])).toEqual([])
    const after = { ...record, partitions: { 't/0': { ...record.partitions['t/0']!, hw: 5 } } }
    expect(changes([record], [after])).toEqual(['one.partitions.t/0.hw: 4 -> 5'])
    expect(changes([], [record])[0]).toContain('nothing -> ')
  })
})
