/** Calls that have to find whom to ask: deleteRecords at the leader, and the tool that resets a group's offsets. */
import { describe, expect, test } from 'vitest'
import type { ConsumerConfig } from '../consumer/state.ts'
import { orders, producer, TestCluster } from '../../testing.ts'
import { groupOf } from '../../look.ts'
import { newBatch } from '../../log/record.ts'

const reader: ConsumerConfig = { id: 'c', library: 'java', group: 'g', topics: ['orders'], bootstrap: ['b1'], configs: { 'auto.offset.reset': 'earliest' } }
const filled = (count = 10): TestCluster => {
  const cluster = new TestCluster({ topics: [orders({}, [[1, 2, 3]])], producers: [producer('p')], consumers: [reader] })
  for (let i = 0; i < count; i++) cluster.send('p', { value: String(i) })
  return cluster.run(1)
}
const deleteBefore = (offset: number, partition = 'orders/0') => ({ type: 'DeleteRecords', partition, offset }) as const
const reset = (to: { readonly offset: number } | { readonly time: number | 'earliest' | 'latest' }) => ({ type: 'ResetOffsets', group: 'g', topic: 'orders', to }) as const
const committed = (cluster: TestCluster): number | undefined => groupOf(cluster.sim.world, 'g').group?.offsets.get('orders/0')?.offset

// Admin#deleteRecords: "Delete records whose offset is smaller than the given offset of the corresponding partition."
describe('deleteRecords (S09)', () => {
  test('the answer is the low watermark: the lowest beginning of all live replicas', () => {
    const cluster = filled().call('five', deleteBefore(5)).run(1)
    expect(cluster.result('five')).toMatchObject({ error: 'NONE', value: 5 })
    expect([1, 2, 3].map((id) => cluster.replica(id).log.startOffset)).toEqual([5, 5, 5])
    cluster.call('all', deleteBefore(-1)).run(1)
    expect(cluster.result('all')).toMatchObject({ error: 'NONE', value: 10 })
  })

  // KAFKA's DeleteRecordsHandler: an error that says nothing about where the leader is ends the call.
  test('what lies beyond the high watermark is refused, and nothing is asked twice', () => {
    const cluster = filled().call('far', deleteBefore(11)).run(1)
    expect(cluster.result('far')).toMatchObject({ error: 'OFFSET_OUT_OF_RANGE', value: undefined })
    expect(cluster.sent.filter(({ message }) => message.type === 'DeleteRecordsRequest')).toHaveLength(1)
  })

  test('the leader has moved: it is looked for again, until default.api.timeout.ms is over', () => {
    const cluster = filled().act('crash', 'b1').call('five', deleteBefore(5)).call('lost', deleteBefore(5, 'nothing/0'))
    cluster.runUntil(() => cluster.result('five').answeredAt !== undefined, 30)
    expect(cluster.result('five')).toMatchObject({ error: 'NONE', value: 5 })
    expect(cluster.truth().leader).toBe(2)
    cluster.runUntil(() => cluster.result('lost').answeredAt !== undefined, 61)
    expect(cluster.result('lost').error).toBe('TIMED_OUT')
  })
})

// Docs, "Managing Consumer Groups": "Please note, that out of range offsets will be adjusted to available offset end."
describe('resetting offsets', () => {
  // "First, make sure that the consumer instances are inactive."
  test('is refused while the group has members', () => {
    const cluster = filled().start('c').run(10).call('early', reset({ time: 'earliest' })).run(2)
    expect(cluster.result('early').error).toBe('NON_EMPTY_GROUP')
    cluster.act('stop', 'c').run(2).call('again', reset({ time: 'earliest' })).run(2)
    expect([cluster.result('again').error, committed(cluster)]).toEqual(['NONE', 0])
  })

  test.each([[{ time: 'earliest' }, 4], [{ time: 'latest' }, 10], [{ offset: 7 }, 7], [{ offset: 99 }, 10], [{ offset: 1 }, 4], [{ time: 99_000 }, 10], [{ time: -1 }, 4]] as const)('to %j: %i', (to, expected) => {
    const cluster = filled().call('four', deleteBefore(4)).run(1).call('reset', reset(to)).run(2)
    expect([cluster.result('reset').error, committed(cluster)]).toEqual(['NONE', expected])
  })

  // "--by-duration <String: duration>: Reset offsets to offset by duration from current timestamp."
  test('to a time: the first record that is not older', () => {
    const cluster = filled().run(9).send('p', { value: 'late' }).run(2).call('reset', reset({ time: 5000 })).run(2)
    expect([cluster.result('reset').error, committed(cluster)]).toEqual(['NONE', 10])
  })
})

describe('one Produce request, exactly so (S34)', () => {
  const raw = (acks: 0 | 1 | -1, baseSequence: number) => ({
    type: 'RawProduce', to: 'b1', partition: 'orders/0', acks,
    batch: newBatch([Object.freeze({ id: `raw#${baseSequence}`, key: undefined, value: 'x', valueBytes: undefined, timestamp: 0 })], 'raw', { producerId: 4000, producerEpoch: 0, baseSequence }),
  }) as const
  test('is sent once: what becomes of it when the connection ends is not known', () => {
    const cluster = filled(0)
    cluster.call('one', raw(-1, 0)).run(0.012).act('crash', 'b1').run(1)
    expect(cluster.result('one')).toMatchObject({ error: 'NETWORK_EXCEPTION', value: undefined })
    cluster.call('dead', raw(-1, 1)).run(2)
    expect(cluster.result('dead').error).toBe('NETWORK_EXCEPTION')
    expect(cluster.sent.filter(({ from, message }) => from === 'admin' && message.type === 'ProduceRequest').length).toBeLessThanOrEqual(1)
  })
  test('acks=0 is not answered, so nothing is known at once', () => {
    const cluster = filled(0).call('none', raw(0, 0)).call('one', raw(1, 1)).run(1)
    expect(cluster.result('none')).toMatchObject({ error: 'NONE', value: undefined })
    expect(cluster.result('one')).toMatchObject({ error: 'NONE', value: 1 })
  })
})
