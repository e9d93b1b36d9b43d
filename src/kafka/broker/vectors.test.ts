/** What Kafka's own classes answered (public conformance vectors), asked of these: handlers of a lone broker, without a network. */
import { describe, expect, test } from 'vitest'
import divergences from './vectors/log-divergence.json'
import waits from './vectors/fetch-wait.json'
import watermarks from './vectors/partition-high-watermark.json'
import propagation from './vectors/hw-propagation.json'
import lags from './vectors/isr-lag.json'
import outcomes from './vectors/produce-outcome.json'
import { fromMs, MILLISECOND as MS } from '../../base/units.ts'
import { recordingContext, type Recording } from '../../engine/testing.ts'
import type { EpochEntry } from '../log/epochs.ts'
import { beginEpoch } from '../log/log.ts'
import { checkSequence } from '../log/producer-state.ts'
import type { FetchRequest, FetchResponse } from '../protocol/fetch.ts'
import type { ProduceRequest, ProduceResponse } from '../protocol/produce.ts'
import { batchOfBytes, fill, orders, someBatch, TestCluster } from '../testing.ts'
import { acknowledge, handleFetchRequest } from './fetch.ts'
import { fetchNext, follow, handleFetchResponse } from './fetcher.ts'
import { effectiveMinIsr, maybeAdvanceHighWatermark } from './high-watermark.ts'
import { adoptIsr } from './isr.ts'
import { isCaughtUp } from './isr-state.ts'
import { handleProduceRequest } from './produce.ts'
import { completeDue } from './purgatory.ts'
import { applyPartition } from './replicas.ts'
import { NEVER, type Broker, type BrokerContext, type FollowerProgress, type Leading, type Replica } from './state.ts'

interface Lone { readonly cluster: TestCluster; readonly broker: Broker; readonly replica: Replica; readonly leading: Leading; readonly ctx: Recording & BrokerContext }

/** b1 as it stands at 00:00: it leads orders/0 with so many replicas in all, and has heard of none of them. */
function leader(rf: number, minIsr: number): Lone {
  const ids = Array.from({ length: rf }, (_, i) => i + 1)
  const cluster = new TestCluster({ brokers: rf, topics: [orders({ 'min.insync.replicas': String(minIsr) }, [ids])] })
  return { cluster, broker: cluster.broker(1), replica: cluster.replica(1), leading: cluster.leading(1), ctx: recordingContext('b1') as Lone['ctx'] }
}
const setFollower = ({ leading, broker }: Lone, id: number, progress: Partial<FollowerProgress>): void =>
  void Object.assign(leading.followers.get(id)!, { brokerEpoch: broker.metadata.brokers.get(id)!.epoch }, progress)

describe('high watermark (REP-10, REP-11, REP-20, REP-22)', () => {
  test.each(watermarks)('$id', ({ input, expected }) => {
    const one = leader(input.replicationFactor, input.minInsyncReplicas)
    const { broker, replica, leading, ctx } = one
    fill(replica.log, Array.from({ length: input.leaderLeo }, () => 0))
    replica.highWatermark = input.previousHighWatermark
    ctx.now = 100_000 * MS
    const having = (...wanted: string[]) => input.followers.filter(({ status }) => wanted.includes(status)).map(({ id }) => id)
    const [joining] = having('expand-pending')
    const leaving = having('shrink-pending')
    const isr = [1, ...having('in-isr', 'shrink-pending')]
    leading.isr = joining !== undefined ? { kind: 'PendingExpand', isr, epoch: 0, joining } : leaving.length > 0 ? { kind: 'PendingShrink', isr, epoch: 0, leaving } : { kind: 'Committed', isr, epoch: 0 }
    for (const { id, leo, status } of input.followers) setFollower(one, id, { logEndOffset: leo, lastCaughtUpAt: status === 'outside-lagging' || status === 'shrink-pending' ? NEVER : ctx.now })
    maybeAdvanceHighWatermark(broker, replica, ctx)
    expect({ highWatermark: replica.highWatermark }).toEqual(expected)
  })
})

describe('how a high watermark becomes known (REP-2, REP-6, REP-12)', () => {
  const of = (variant: string) => propagation.filter((vector) => vector.variant === variant)
  const produce: ProduceRequest = { type: 'ProduceRequest', clientId: 'probe', acks: -1, timeoutMs: 30_000, partitions: [{ partition: 'orders/0', batch: someBatch() }] }

  /** A cluster whose followers' fetches have been parked for a while; the probe is connected to b1. `at(0)` is the moment the vector begins. */
  function parked(hopMs: number, waitMs: number) {
    const cluster = new TestCluster({ hop: hopMs * MS, overrides: { 'replica.fetch.wait.max.ms': waitMs } })
    cluster.ask('b1', { type: 'MetadataRequest', clientId: 'probe', topics: [] } as { type: string }).runTo((6 * hopMs) / 1000)
    const begin = 8 * hopMs
    return { cluster, runTo: (ms: number) => void cluster.runTo((begin + ms) / 1000), produceAt: (ms: number) => void cluster.runTo((begin + ms - hopMs) / 1000).ask('b1', produce) }
  }

  test.each(of('timeline'))('$id: $title', ({ input, expected }) => {
    const { oneWayMs = 0, appends = [], 'replica.fetch.wait.max.ms': waitMs = 0 } = input
    const { cluster, runTo, produceAt } = parked(oneWayMs, waitMs)
    const led: { fromMs: number; hw: number }[] = [], followed: typeof led = []
    const note = (list: typeof led, fromMs: number, hw: number): void => {
      if (list.at(-1)?.hw !== hw) list.push({ fromMs, hw })
    }
    const [first, ...later] = appends.map(({ atMs }) => atMs)
    produceAt(first!)
    for (let ms = first!; ms <= (later.at(-1) ?? first!) + waitMs + 10 * oneWayMs; ms++) {
      runTo(ms)
      if (later.includes(ms + oneWayMs)) produceAt(ms + oneWayMs)
      note(led, ms, cluster.replica(1).highWatermark)
      expect(cluster.replica(3).highWatermark).toBe(cluster.replica(2).highWatermark)
      if (cluster.replica(2).log.endOffset > 0) note(followed, ms, cluster.replica(2).highWatermark)
    }
    expect({ leaderHw: led, followerHw: followed }).toEqual(expected)
  })

  test.each(of('steps'))('$id: $title', ({ input, expected }) => {
    const { cluster, runTo, produceAt } = parked(5, 500)
    produceAt(0)
    let ms = 0
    let parkedAgain = false
    const leaderHw: number[] = [], followerHw: number[] = []
    for (const { step } of input.steps!) {
      if (step === 'responseStored') ms += parkedAgain ? 505 : 5
      if (step === 'requestHandled') {
        ms += 5
        parkedAgain = true
      }
      runTo(ms)
      leaderHw.push(cluster.replica(1).highWatermark)
      followerHw.push(cluster.replica(2).highWatermark)
    }
    const answeredAt = (cluster.sent.find(({ message, to }) => message.type === 'ProduceResponse' && to === 'probe')!.at / MS) - 40
    expect({ leaderHw, followerHw, acksAllAnsweredAtStep: [0, 5, 5, 10].indexOf(answeredAt), readableAtStep: leaderHw.indexOf(1) }).toEqual(expected)
  })

  test.each(of('follower-cap'))('$id: $title', ({ input, expected }) => {
    const cluster = new TestCluster()
    cluster.run(0.02)
    const broker = cluster.broker(2), replica = cluster.replica(2)
    fill(replica.log, Array.from({ length: input.followerLeoAfterAppend! }, () => 0))
    replica.highWatermark = input.followerHwBefore!
    const response: FetchResponse = {
      type: 'FetchResponse',
      partitions: [{ partition: 'orders/0', error: 'NONE', highWatermark: input.leaderHwInResponse!, logStartOffset: 0, batches: [], divergingEpoch: undefined, currentLeader: undefined }],
    }
    handleFetchResponse(broker, response, broker.fetchers.get(1)!.on!, recordingContext('b2') as unknown as BrokerContext)
    expect({ followerHw: replica.highWatermark }).toEqual(expected)
  })
})

describe('who is in sync (REP-4, REP-5)', () => {
  test.each(lags)('$id: $title', ({ input, expected }) => {
    const lagMax = fromMs(input['replica.lag.time.max.ms'])
    const one = leader(2, 1)
    one.ctx.now = fromMs(input.leaderElectedAtMs)
    const registration = one.broker.metadata.partitions.get('orders/0')!
    applyPartition(one.broker, { ...registration, leaderEpoch: 1, isr: input.followerInIsrAtElection ? [1, 2] : [1] }, one.ctx)
    const follower = one.replica.leading!.followers.get(2)!
    const ms = (at: number) => (at === NEVER ? 0 : at / MS)
    const afterEachFetch = input.fetches.map(({ timeMs, fetchOffset, leaderLeoAtFetch }) => {
      acknowledge(follower, fetchOffset, 1, leaderLeoAtFetch, fromMs(timeMs))
      return { timeMs, followerLeo: follower.logEndOffset, lastCaughtUpTimeMs: ms(follower.lastCaughtUpAt) }
    })
    const leaderLeo = input.fetches.at(-1)?.leaderLeoAtFetch ?? input.leaderLeoAtElection
    const checks = input.checkAtMs.map((timeMs) => ({ timeMs, leaderLeo, inSync: isCaughtUp(follower, leaderLeo, fromMs(timeMs), lagMax) }))
    expect({ afterEachFetch, checks }).toEqual(expected)
  })
})

describe('divergence and truncation (REP-32, REP-33)', () => {
  test.each(divergences)('$id: $title', ({ input, expected }) => {
    const cluster = new TestCluster({ brokers: 2, topics: [orders({}, [[1, 2]])] })
    const [b1, b2] = [cluster.broker(1), cluster.broker(2)]
    const [c1, c2] = [recordingContext('b1') as unknown as Recording & BrokerContext, recordingContext('b2') as unknown as Recording & BrokerContext]
    const [led, followed] = [cluster.replica(1), cluster.replica(2)]
    fill(led.log, input.leaderLog.map(([, epoch]) => epoch!))
    beginEpoch(led.log, input.leaderNewEpoch)
    fill(followed.log, input.followerLog.map(([, epoch]) => epoch!))
    for (const replica of [led, followed]) replica.leaderEpoch = input.leaderNewEpoch
    b2.fetchers.clear()
    follow(b2, followed, 1, c2)
    const fetcher = b2.fetchers.get(1)!
    const steps: { fetchOffset: number; lastFetchedEpoch: number; currentLeaderEpoch: number; divergingEpoch: unknown; followerTruncatesTo: number | null }[] = []
    fetchNext(b2, fetcher, c2)
    for (let again = true; again;) {
      const request = c2.sent.at(-1)!.message as FetchRequest
      const { fetchOffset, lastFetchedEpoch, currentLeaderEpoch } = request.partitions[0]!
      c1.sent.length = 0
      handleFetchRequest(b1, request, `${steps.length}`, c1)
      const response = c1.sent[0]?.message as FetchResponse | undefined
      const diverging = response?.partitions[0]?.divergingEpoch
      again = diverging !== undefined
      if (again) handleFetchResponse(b2, response!, fetcher.on!, c2)
      steps.push({ fetchOffset, lastFetchedEpoch, currentLeaderEpoch, divergingEpoch: diverging ?? null, followerTruncatesTo: again ? followed.log.endOffset : null })
    }
    const epochOf = (at: number) => input.followerLog[at]![1]
    expect({
      steps, followerLogBeforeAppending: Array.from({ length: followed.log.endOffset }, (_, at) => [at, epochOf(at)]), appendsFromOffset: followed.log.endOffset,
      leaderEpochCache: led.log.epochs as EpochEntry[], followerEpochCacheAfterTruncation: followed.log.epochs,
    }).toEqual(expected)
  })
})

describe('how long a fetch waits (REP-6, REP-40)', () => {
  const consumer = (minBytes: number, maxWaitMs: number, names: readonly string[], partitionMaxBytes = 1048576): FetchRequest => ({
    type: 'FetchRequest', clientId: 'c1', replicaId: -1, brokerEpoch: -1, maxWaitMs, minBytes, maxBytes: 52428800,
    partitions: names.map((partition) => ({ partition, fetchOffset: 0, currentLeaderEpoch: -1, lastFetchedEpoch: -1, partitionMaxBytes })),
  })
  const write = ({ broker, ctx }: Lone, bytes: number): void =>
    handleProduceRequest(broker, { type: 'ProduceRequest', clientId: 'p', acks: 1, timeoutMs: 30_000, partitions: [{ partition: 'orders/0', batch: batchOfBytes(bytes) }] }, 'p', ctx)
  const bytesIn = ({ partitions }: FetchResponse): number => partitions.flatMap(({ batches }) => batches).reduce((sum, { sizeInBytes }) => sum + sizeInBytes, 0)

  test.each(waits.filter(({ variant }) => variant === 'long-poll'))('$id: $title', ({ input, expected }) => {
    const one = leader(1, 1)
    const { minBytes = 0, maxWaitMs = 0, visible = [], errorOnOnePartition = false } = input
    let total = 0
    let answered: { respondsAfterMs: number; bytesReturned: number } | undefined
    const look = (): void => {
      const response = one.ctx.sent.find(({ on }) => on === 'c')?.message as FetchResponse | undefined
      if (response !== undefined) answered ??= { respondsAfterMs: one.ctx.now / MS, bytesReturned: bytesIn(response) }
    }
    handleFetchRequest(one.broker, consumer(minBytes, maxWaitMs, errorOnOnePartition ? ['orders/0', 'orders/7'] : ['orders/0']), 'c', one.ctx)
    for (let ms = 0; ms <= maxWaitMs; ms++) {
      one.ctx.now = ms * MS
      const grown = (visible as [number, number][]).find(([from]) => from === ms)
      if (grown !== undefined) {
        write(one, grown[1] - total)
        total = grown[1]
      }
      look()
      if (ms === maxWaitMs) completeDue(one.broker, one.ctx)
      look()
    }
    expect(answered).toMatchObject(expected)
  })

  test.each(waits.filter(({ variant }) => variant === 'size-limit'))('$id: $title', ({ input, expected }) => {
    const one = leader(1, 1)
    write(one, input.firstBatchBytes!)
    handleFetchRequest(one.broker, consumer(1, 500, ['orders/0'], input['max.partition.fetch.bytes']), 'c', one.ctx)
    expect({ bytesReturned: bytesIn(one.ctx.sent.find(({ on }) => on === 'c')!.message as FetchResponse) }).toEqual(expected)
  })
})

describe('what becomes of a produce (REP-16, REP-17)', () => {
  const request = (acks: 0 | 1 | -1, timeoutMs = 30_000, idempotent = false): ProduceRequest => ({
    type: 'ProduceRequest', clientId: 'p', acks, timeoutMs, partitions: [{ partition: 'orders/0', batch: someBatch(1, idempotent ? { producerId: 7, producerEpoch: 0, baseSequence: 0 } : {}) }],
  })
  const answerOf = ({ ctx }: Lone) => (ctx.sent.find(({ on }) => on === 'p')?.message as ProduceResponse | undefined)?.partitions[0]

  test.each(outcomes.filter(({ variant }) => variant === 'append'))('$id: $title', ({ input, expected }) => {
    const one = leader(input.rf, input.minInsyncReplicas)
    one.leading.isr = { kind: 'Committed', isr: Array.from({ length: input.isr as number }, (_, i) => i + 1), epoch: 1 }
    handleProduceRequest(one.broker, request(input.acks === 'all' ? -1 : (Number(input.acks) as 0 | 1)), 'p', one.ctx)
    const answer = answerOf(one)
    expect({
      answered: answer !== undefined, error: answer?.error, appended: one.replica.log.endOffset === 1, highWatermarkAdvances: one.replica.highWatermark === 1, visibleWhenIsrReaches: effectiveMinIsr(one.replica),
    }).toMatchObject(expected)
  })

  test.each(outcomes.filter(({ variant }) => variant === 'waiting'))('$id: $title', ({ input, expected }) => {
    const one = leader(input.rf, input.minInsyncReplicas)
    const { broker, replica, leading, ctx } = one
    for (const id of [2, 3]) setFollower(one, id, { logEndOffset: 0, lastCaughtUpAt: 0 })
    leading.isr = { kind: 'Committed', isr: input.isr as number[], epoch: 0 }
    handleProduceRequest(broker, request(-1, input['request.timeout.ms'], true), 'p', ctx)
    for (const event of input.events as readonly { atMs: number; event: string; follower?: number; fetchOffset?: number; isr?: number[] }[]) {
      ctx.now = event.atMs * MS
      if (event.event === 'followerFetch') {
        handleFetchRequest(broker, {
          type: 'FetchRequest', clientId: `b${event.follower}`, replicaId: event.follower!, brokerEpoch: broker.metadata.brokers.get(event.follower!)!.epoch, maxWaitMs: 500, minBytes: 1, maxBytes: 1e7,
          partitions: [{ partition: 'orders/0', fetchOffset: event.fetchOffset!, currentLeaderEpoch: 0, lastFetchedEpoch: 0, partitionMaxBytes: 1e6 }],
        }, `b${event.follower}`, ctx)
      } else if (event.event === 'isrCommitted') {
        for (const [id, known] of broker.metadata.brokers) broker.metadata.brokers.set(id, { ...known, fenced: !event.isr!.includes(id) })
        adoptIsr(broker, replica, leading, event.isr!, leading.isr.epoch + 1, ctx)
      } else applyPartition(broker, { ...broker.metadata.partitions.get('orders/0')!, leader: 2, leaderEpoch: 1, partitionEpoch: 1 }, ctx)
    }
    // Whoever has the record in its log knows the repeat, the next leader too.
    const retryIsDuplicate = checkSequence(replica.log.producers.get(7), request(-1, 0, true).partitions[0]!.batch).kind === 'duplicate'
    expect({ error: answerOf(one)?.error, answeredAtMs: ctx.now / MS, appended: replica.log.endOffset === 1, retryIsDuplicate }).toMatchObject(expected)
  })
})
