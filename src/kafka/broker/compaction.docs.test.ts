/** Compaction: at least the newest record of every key, tombstones for a while, offsets for ever. */
import { describe, expect, test } from 'vitest'
import { between } from '../../base/chunks.ts'
import type { Overrides } from '../config.ts'
import { offsetOf } from '../log/record.ts'
import { orders, producer, TestCluster } from '../testing.ts'

const single = producer('a', { 'batch.size': 0, 'linger.ms': 0 })
const compacted = (more: Readonly<Record<string, string>> = {}) => orders({ 'cleanup.policy': 'compact', 'segment.bytes': '1048576', 'min.cleanable.dirty.ratio': '0.01', 'delete.retention.ms': '5000', ...more }, [[1]])
const pad = { key: 'pad', value: 'x', valueBytes: 131_000 }
const soon: Overrides = { 'log.retention.check.interval.ms': 1000, 'log.initial.task.delay.ms': 500 }

const kept = (cluster: TestCluster, id = 1): [offset: number, key: string | undefined, value: string | undefined][] =>
  [...between(cluster.replica(id).log.batches, 0)].flatMap((batch) => batch.records.map(({ key, value }, i): [number, string | undefined, string | undefined] => [offsetOf(batch, i), key, value]))
    .filter(([, key]) => key !== 'pad')

/** a=1, b=1, a=2, c=1, b=null, and so many fillers that the segment has been closed. */
function written(topic = compacted(), more: Overrides = {}): TestCluster {
  const cluster = new TestCluster({ topics: [topic], producers: [single], overrides: { ...soon, ...more } })
  for (const [key, value] of [['a', '1'], ['b', '1'], ['a', '2'], ['c', '1']] as const) cluster.send('a', { key, value })
  cluster.send('a', { key: 'b', tombstone: true })
  return cluster
}
function filler(cluster: TestCluster, count = 9): TestCluster {
  for (let i = 0; i < count; i++) cluster.send('a', pad)
  return cluster
}

describe('S08', () => {
  // Docs, Log Compaction: "Log compaction ensures that Kafka will always retain at least the last known value for each message key within the log of data for a
  // single topic partition"; "Ordering of messages is always maintained. Compaction will never re-order messages, just remove some"; "The offset for a message
  // never changes. It is the permanent identifier for a position in the log."
  test('of every key in closed segments the newest record stays, where it was', () => {
    const cluster = filler(written()).runTo(20)
    expect(kept(cluster)).toEqual([[2, 'a', '2'], [3, 'c', '1'], [4, 'b', undefined]])
    expect(cluster.replica(1).log).toMatchObject({ startOffset: 0, endOffset: 14 })
    expect(cluster.facts('log.cleaned')).toMatchObject([{ node: 'b1', removed: 2 + 7 - 1, why: 'dirty', limit: 1 }])
  })

  // "the delete retention ... also gives a bound on the time in which a consumer must complete a read"; CMP-5: the time runs from the first cleaning, and only
  // another cleaning takes the tombstone away.
  test('a tombstone goes with the first cleaning after its time, and without new writes never', () => {
    const cluster = filler(written()).runTo(20)
    const horizon = [...between(cluster.replica(1).log.batches, 0)].find(({ lastOffset }) => lastOffset >= 4)!.cleaned!.deleteHorizonMs!
    expect(horizon).toBe(15_000 + 5000)
    cluster.runTo(300)
    expect(kept(cluster).map(([offset]) => offset)).toEqual([2, 3, 4])
    filler(cluster).runTo(320)
    expect(kept(cluster).map(([offset]) => offset)).toEqual([2, 3])
    expect(cluster.facts('log.cleaned')).toHaveLength(2)
  })

  // "Any consumer that stays caught-up to within the head of the log will see every message that is written"; one that comes later finds gaps.
  test('a consumer passes over what is gone', () => {
    const reader = { id: 'c', library: 'java' as const, group: 'g', topics: ['orders'], bootstrap: ['b1'], configs: { 'auto.offset.reset': 'earliest' } }
    const cluster = new TestCluster({ topics: [compacted()], producers: [single], consumers: [reader], overrides: { ...soon, 'offsets.topic.num.partitions': 1 } })
    for (const [key, value] of [['a', '1'], ['b', '1'], ['a', '2'], ['c', '1']] as const) cluster.send('a', { key, value })
    filler(cluster).runTo(20).start('c').runTo(30)
    const { notebook, positions } = cluster.sim.world.nodes.get('c')!.state as never as { notebook: { returned: Map<string, Parameters<typeof between<number>>[0]> }; positions: Map<string, { offset: number }> }
    expect([...between(notebook.returned.get('orders/0')!, 0)]).toEqual([1, 2, 3, 10, 11, 12])
    expect(positions.get('orders/0')!.offset).toBe(13)
  })

  // REC-5. KIP-135, UnifiedLog: "Compacted topic cannot accept message without key".
  test('a record without a key is refused', () => {
    const cluster = new TestCluster({ topics: [compacted()], producers: [single] }).send('a', { value: 'x', partition: 0 }).run(1)
    expect(cluster.facts('producer.failed')).toMatchObject([{ error: 'INVALID_RECORD' }])
  })
})

describe('what is not compacted', () => {
  // Docs, min.cleanable.dirty.ratio: "By default we will avoid cleaning a log where more than 50% of the log has been compacted."
  test('a log that is not dirty enough', () => {
    const cluster = filler(written(compacted({ 'min.cleanable.dirty.ratio': '1.0' }))).runTo(60)
    expect(cluster.facts('log.cleaned')).toEqual([])
  })
  // Docs, min.compaction.lag.ms: "The minimum time a message will remain uncompacted in the log."
  test('what is too young', () => {
    const cluster = filler(written(compacted({ 'min.compaction.lag.ms': '40000' }))).runTo(35)
    expect(kept(cluster)).toHaveLength(5)
    expect(kept(cluster.runTo(50))).toHaveLength(3)
  })
  // Docs, max.compaction.lag.ms: "The maximum time a message will remain ineligible for compaction in the log."
  test('but what is too old for it is, however clean the rest', () => {
    const cluster = filler(written(compacted({ 'min.cleanable.dirty.ratio': '1.0', 'max.compaction.lag.ms': '20000' }))).runTo(29)
    expect(cluster.facts('log.cleaned')).toEqual([])
    expect(kept(cluster.runTo(31))).toHaveLength(3)
  })
  test('the active segment', () => expect(written().runTo(60).facts('log.cleaned')).toEqual([]))
})

// CMP-9: retention removes whole old segments whether or not they hold the newest value of a key.
test('compact,delete does both', () => {
  const cluster = filler(written(compacted({ 'cleanup.policy': 'compact,delete', 'retention.ms': '30000' }))).runTo(20)
  expect(kept(cluster)).toHaveLength(3)
  filler(cluster.runTo(50), 1).runTo(61)
  expect(kept(cluster)).toEqual([])
  expect(cluster.replica(1).log.startOffset).toBeGreaterThan(4)
})

test('a follower copies a log that has gaps', () => {
  const cluster = filler(written(orders({ 'cleanup.policy': 'compact', 'segment.bytes': '1048576', 'min.cleanable.dirty.ratio': '0.01', 'min.insync.replicas': '1' }, [[1, 2]]))).runTo(20)
  cluster.act('crash', 'b2').run(12)
  filler(cluster).runTo(60).act('restart', 'b2').runTo(80)
  expect(cluster.truth().isr).toEqual([1, 2])
  expect(kept(cluster, 2)).toEqual(kept(cluster, 1))
})
