/** Retention: whole segments from the head of the log, by size, by time, and below the start that DeleteRecords has set. */
import { describe, expect, test } from 'vitest'
import type { Overrides } from '../config.ts'
import { segmentsOf, sizeOf } from '../log/log.ts'
import type { DeleteRecordsRequest, DeleteRecordsResponse } from '../protocol/delete-records.ts'
import type { FetchRequest, FetchResponse, ListOffsetsRequest, ListOffsetsResponse } from '../protocol/fetch.ts'
import { orders, producer, TestCluster } from '../testing.ts'

const DAY_MS = 86_400_000
/** As in the harness of the experiments. */
const soon: Overrides = { 'log.retention.check.interval.ms': 1000, 'log.initial.task.delay.ms': 500 }
/** 131072 bytes as a batch of its own: eight fit exactly into a segment of 1 MiB. */
const eighth = { key: undefined, value: 'x', valueBytes: 131_000 }
const single = producer('a', { 'batch.size': 0, 'linger.ms': 0 })
const bases = (cluster: TestCluster, id = 1): number[] => segmentsOf(cluster.replica(id).log).map(({ baseOffset }) => baseOffset)
const earliest = (cluster: TestCluster): number => {
  const request: ListOffsetsRequest = { type: 'ListOffsetsRequest', clientId: 'probe', replicaId: -1, partitions: [{ partition: 'orders/0', currentLeaderEpoch: -1, timestamp: 'earliest' }] }
  cluster.ask('b1', request).run(0.1)
  return (cluster.answers.at(-1)!.message as ListOffsetsResponse).partitions[0]!.offset
}

describe('S05: by size', () => {
  // Docs, retention.bytes: "This configuration controls the maximum size a partition (which consists of log segments) can grow to before we
  // will discard old log segments to free up space". RET-3: whole segments go, and what is left is never less.
  test('the limit is a floor of whole segments', () => {
    const cluster = new TestCluster({ topics: [orders({ 'segment.bytes': '1048576', 'retention.bytes': '2097152' }, [[1]])], producers: [single], overrides: soon })
    for (let i = 0; i < 40; i++) cluster.send('a', eighth)
    cluster.runTo(0.4)
    expect(cluster.facts('segment.rolled').map(({ base }) => base)).toEqual([8, 16, 24, 32])
    expect([bases(cluster), cluster.replica(1).log.batches.length]).toEqual([[0, 8, 16, 24, 32], 40])
    cluster.run(2)
    expect([bases(cluster), sizeOf(cluster.replica(1).log), earliest(cluster)]).toEqual([[24, 32], 2_097_152, 24])
    expect(cluster.facts('segment.deleted')).toMatchObject([{ base: 0, last: 7, why: 'size', figure: 4_194_304, limit: 2_097_152 }, { base: 8 }, { base: 16, figure: 2_097_152 }])
    expect(cluster.facts('logStart.moved')).toEqual([{ code: 'logStart.moved', partition: 'orders/0', node: 'b1', from: 0, to: 24, why: 'retention' }])
    cluster.send('a', eighth).run(3)
    expect([bases(cluster), sizeOf(cluster.replica(1).log)]).toEqual([[24, 32, 40], 2_228_224])
  })

  test('every replica deletes by itself, and nobody above its high watermark', () => {
    const cluster = new TestCluster({ topics: [orders({ 'segment.bytes': '1048576', 'retention.bytes': '0' })], producers: [producer('a', { acks: '1', 'batch.size': 0, 'linger.ms': 0 })], overrides: soon })
    cluster.stallFetch('b2').stallFetch('b3').run(1)
    for (let i = 0; i < 20; i++) cluster.send('a', eighth)
    cluster.run(5)
    expect([bases(cluster), cluster.replica(1).highWatermark]).toEqual([[0, 8, 16], 0])
    cluster.tell('b2', { type: 'resumeFetch' }).tell('b3', { type: 'resumeFetch' }).run(5)
    for (const id of [1, 2, 3]) expect([bases(cluster, id), cluster.replica(id).log.startOffset]).toEqual([[20], 20])
  })
})

describe('S06: by time', () => {
  const week = orders({}, [[1]])
  // Docs, retention.ms: "how long we will retain a log before we will discard old log segments". RET-4 to RET-6: record time, and the active segment too.
  test('five records that are eight days old are acknowledged, can be read, and are gone with the next check', () => {
    const cluster = new TestCluster({ topics: [week], producers: [single], overrides: soon })
    for (let i = 0; i < 5; i++) cluster.send('a', { value: 'old', timestamp: -8 * DAY_MS })
    cluster.runTo(0.4)
    expect(cluster.facts('record.acked').reduce((sum, { records }) => sum + records, 0)).toBe(5)
    expect(read(cluster, 0).reduce((sum, { records }) => sum + records.length, 0)).toBe(5)
    cluster.run(2)
    const { log, highWatermark } = cluster.replica(1)
    expect([bases(cluster), log.startOffset, log.endOffset, highWatermark, sizeOf(log)]).toEqual([[5], 5, 5, 5, 0])
    expect(cluster.facts('segment.deleted')).toMatchObject([{ why: 'time', limit: 7 * DAY_MS }])
    expect(error(cluster, 0)).toBe('OFFSET_OUT_OF_RANGE')
  })

  test('one record that is new keeps its whole segment', () => {
    const cluster = new TestCluster({ topics: [week], producers: [producer('a', { 'linger.ms': 50 })], overrides: soon })
    for (let i = 0; i < 5; i++) cluster.send('a', { value: 'old', timestamp: -8 * DAY_MS })
    cluster.send('a', { value: 'new' }).run(5)
    expect([bases(cluster), cluster.replica(1).log.startOffset]).toEqual([[0], 0])
  })

  // SEG-1: as a batch of its own it closes the segment of the old ones, whose time has come then.
  test('unless it begins a segment of its own', () => {
    const cluster = new TestCluster({ topics: [week], producers: [single], overrides: soon })
    cluster.send('a', { value: 'old', timestamp: -8 * DAY_MS }).run(0.2).send('a', { value: 'new' }).run(5)
    expect(cluster.facts('segment.rolled')).toMatchObject([{ base: 1, was: 0, why: 'time', limit: 7 * DAY_MS }])
    expect([bases(cluster), cluster.replica(1).log.startOffset]).toEqual([[1], 1])
  })
})

// S07. Docs, message.timestamp.after.max.ms: "the maximum allowable timestamp difference between the message timestamp and the broker's timestamp ...
// the message will be rejected if the difference in timestamps exceeds this specified threshold. This configuration is ignored if message.timestamp.type=LogAppendTime."
test('S07: a record from the future is refused, or takes the time of the broker', () => {
  const hourAhead = { value: 'x', timestamp: 61 * 60_000 }
  const cluster = new TestCluster({ topics: [orders({}, [[1]])], producers: [single] }).send('a', hourAhead).run(1)
  expect(cluster.facts('producer.failed')).toMatchObject([{ error: 'INVALID_TIMESTAMP' }])
  expect(cluster.replica(1).log.endOffset).toBe(0)
  const stamping = new TestCluster({ topics: [orders({ 'message.timestamp.type': 'LogAppendTime' }, [[1]])], producers: [single] }).runTo(2).send('a', hourAhead).run(1)
  expect(stamping.replica(1).log.batches.open[0]).toMatchObject({ maxTimestamp: 2135, attributes: 8 })
})

describe('S09: DeleteRecords', () => {
  const ask = (cluster: TestCluster, offset: number, timeoutMs = 30_000) => {
    const request: DeleteRecordsRequest = { type: 'DeleteRecordsRequest', clientId: 'probe', timeoutMs, partitions: [{ partition: 'orders/0', offset }] }
    return cluster.ask('b1', request)
  }
  const answers = (cluster: TestCluster) => cluster.answers.flatMap(({ message }) => (message.type === 'DeleteRecordsResponse' ? (message as DeleteRecordsResponse).partitions : []))
  const filled = (config = {}) => {
    const cluster = new TestCluster({ topics: [orders(config)], producers: [single] })
    for (let i = 0; i < 10; i++) cluster.send('a', { key: 'k', value: 'x' })
    return cluster.run(1)
  }

  // Docs, Admin.deleteRecords: "Delete records whose offset is smaller than the given offset". KIP-107: "low_watermark of the partition ... the minimum of
  // log_start_offset of all alive replicas".
  test('moves the start of every live replica, and answers when all have', () => {
    const cluster = ask(filled(), 5).run(2)
    expect(answers(cluster)).toEqual([{ partition: 'orders/0', error: 'NONE', lowWatermark: 5 }])
    for (const id of [1, 2, 3]) expect(cluster.replica(id).log.startOffset).toBe(5)
    expect(error(cluster, 2)).toBe('OFFSET_OUT_OF_RANGE')
    ask(cluster, 11).run(0.1)
    ask(cluster, -1).run(2)
    expect(answers(cluster).slice(1)).toEqual([{ partition: 'orders/0', error: 'OFFSET_OUT_OF_RANGE', lowWatermark: -1 }, { partition: 'orders/0', error: 'NONE', lowWatermark: 10 }])
    expect(earliest(cluster)).toBe(10)
    expect(cluster.facts('logStart.moved').map(({ node, to, why }) => [node, to, why])).toEqual(expect.arrayContaining([['b1', 5, 'deleteRecords'], ['b2', 5, 'leader'], ['b3', 10, 'leader']]))
  })

  test('a topic that is only compacted refuses', () => {
    expect(answers(ask(filled({ 'cleanup.policy': 'compact' }), 5).run(1))).toMatchObject([{ error: 'POLICY_VIOLATION' }])
  })

  // Seen live: that a follower is fenced completes nothing that waits for it; who asks from then on waits for it no more.
  test('a replica that is down is waited for, until a low or a high watermark rises after it was fenced', () => {
    const cluster = filled().act('crash', 'b3').run(0.5)
    ask(cluster, 5, 2000).run(3)
    expect(answers(cluster)).toMatchObject([{ error: 'REQUEST_TIMED_OUT' }])
    ask(cluster, 6).run(15)
    expect(cluster.facts('broker.fenced')).toHaveLength(1)
    expect(answers(cluster)).toHaveLength(1)
    cluster.send('a', { key: 'k', value: 'x' }).run(1)
    expect(answers(cluster)[1]).toEqual({ partition: 'orders/0', error: 'NONE', lowWatermark: 6 })
    ask(cluster, 7).run(1)
    expect(answers(cluster)[2]).toEqual({ partition: 'orders/0', error: 'NONE', lowWatermark: 7 })
  })
  // ReplicaManager#deleteRecords watches by the partitions of the request (DelayedOperationPurgatory).
  test('what rises in another partition is no reason to look again', () => {
    const cluster = new TestCluster({ topics: [orders({}, [[1, 2, 3], [1, 2, 3]])], producers: [single] })
    for (let i = 0; i < 10; i++) cluster.send('a', { value: 'x', partition: 0 })
    ask(cluster.run(1).act('crash', 'b3').run(0.5), 5).run(15)
    expect(cluster.facts('broker.fenced')).toHaveLength(1)
    cluster.send('a', { value: 'x', partition: 1 }).run(1)
    expect([cluster.replica(1, 'orders/1').highWatermark, answers(cluster)]).toEqual([1, []])
    cluster.send('a', { value: 'x', partition: 0 }).run(1)
    expect(answers(cluster)).toEqual([{ partition: 'orders/0', error: 'NONE', lowWatermark: 5 }])
  })
})

// AbstractFetcherThread#fetchOffsetAndTruncate: "If the leader's log start offset is greater than the current follower's log end offset, the follower should
// truncate its log, roll out a new segment and start fetching from the current leader's log start offset."
test('a follower that comes back to a leader which begins behind its end begins anew where the leader does', () => {
  const cluster = new TestCluster({ topics: [orders({ 'segment.bytes': '1048576', 'retention.bytes': '0' })], producers: [single], overrides: soon })
  cluster.send('a', eighth).run(3).act('crash', 'b3').run(12)
  for (let i = 0; i < 20; i++) cluster.send('a', eighth)
  cluster.run(5)
  expect([bases(cluster), cluster.replica(3).log.endOffset]).toEqual([[21], 1])
  cluster.act('restart', 'b3').run(10)
  const { log } = cluster.replica(3)
  expect([log.startOffset, log.endOffset, bases(cluster, 3)]).toEqual([21, 21, [21]])
  expect(cluster.truth().isr).toContain(3)
})

// Partition#appendRecordsToFollowerOrFutureReplica: "the log start offset on the leader falls in the middle of the batch due to delete records request and the
// follower tries to fetch its first offset from the leader."
test('a new follower of a log that begins in the middle of a batch has the whole batch, and begins there too', () => {
  const cluster = new TestCluster({ topics: [orders({})], producers: [producer('a', { 'linger.ms': 50 })] }).act('crash', 'b3').run(12)
  for (let i = 0; i < 5; i++) cluster.send('a', { value: 'x' })
  const request: DeleteRecordsRequest = { type: 'DeleteRecordsRequest', clientId: 'probe', timeoutMs: 1000, partitions: [{ partition: 'orders/0', offset: 3 }] }
  cluster.run(1).ask('b1', request).run(1).act('restart', 'b3').run(5)
  for (const id of [1, 2, 3]) expect(cluster.replica(id)).toMatchObject({ highWatermark: 5, log: { startOffset: 3, endOffset: 5, epochs: [[0, 3]] } })
  expect(cluster.replica(3).log.batches).toEqual(cluster.replica(1).log.batches)
  expect(cluster.truth().isr).toContain(3)
})

function fetch(cluster: TestCluster, fetchOffset: number): FetchResponse['partitions'][number] {
  const request: FetchRequest = {
    type: 'FetchRequest', clientId: 'probe', replicaId: -1, brokerEpoch: -1, maxWaitMs: 0, minBytes: 0, maxBytes: 1e9,
    partitions: [{ partition: 'orders/0', fetchOffset, currentLeaderEpoch: -1, lastFetchedEpoch: -1, partitionMaxBytes: 1e9 }],
  }
  cluster.ask('b1', request).run(0.05)
  return (cluster.answers.at(-1)!.message as FetchResponse).partitions[0]!
}
const read = (cluster: TestCluster, from: number) => fetch(cluster, from).batches
const error = (cluster: TestCluster, from: number) => fetch(cluster, from).error
