/** Leaders and followers: who is in sync, what is committed, and where logs part. */
import { fromMs, MILLISECOND as MS } from '../../base/units.ts'
import { acknowledge, handleFetchRequest } from '../../kafka/broker/fetch.ts'
import { fetchNext, follow, handleFetchResponse } from '../../kafka/broker/fetcher.ts'
import { maybeAdvanceHighWatermark } from '../../kafka/broker/high-watermark.ts'
import { isCaughtUp } from '../../kafka/broker/isr-state.ts'
import { shrinkIsrs } from '../../kafka/broker/isr.ts'
import { applyPartition } from '../../kafka/broker/replicas.ts'
import { NEVER } from '../../kafka/broker/state.ts'
import { beginEpoch } from '../../kafka/log/log.ts'
import type { FetchRequest, FetchResponse } from '../../kafka/protocol/fetch.ts'
import { fill, orders, TestCluster } from '../../kafka/testing.ts'
import { adapter, type Adapters } from './adapter.ts'
import { contextOf, loneLeader, setFollower } from './lone-broker.ts'

interface Watermark {
  leaderLeo: number
  previousHighWatermark: number
  replicationFactor: number
  minInsyncReplicas: number
  followers: { id: number; leo: number; status: 'in-isr' | 'expand-pending' | 'shrink-pending' | 'outside-caught-up' | 'outside-lagging' }[]
}
interface Lag {
  'replica.lag.time.max.ms': number
  leaderElectedAtMs: number
  followerInIsrAtElection: boolean
  leaderLeoAtElection: number
  fetches: { timeMs: number; fetchOffset: number; leaderLeoAtFetch: number }[]
  checkAtMs: number[]
}
interface Divergence {
  leaderLog: [number, number][]
  leaderNewEpoch: number
  followerLog: [number, number][]
}
interface Shrink {
  'replica.lag.time.max.ms': number
  isrCheckPeriodMs: number
  lastCaughtUpAtMs: number
}

export const replicationAdapters: Adapters = {
  'partition-high-watermark': adapter(
    ({ followers, leaderLeo, previousHighWatermark, replicationFactor, minInsyncReplicas }: Watermark) => {
      const one = loneLeader(replicationFactor, minInsyncReplicas)
      const { broker, replica, leading, ctx } = one
      fill(
        replica.log,
        Array.from({ length: leaderLeo }, () => 0),
      )
      replica.highWatermark = previousHighWatermark
      ctx.now = 100_000 * MS
      const having = (...wanted: string[]) => followers.filter(({ status }) => wanted.includes(status)).map(({ id }) => id)
      const [joining] = having('expand-pending')
      const leaving = having('shrink-pending')
      const isr = [1, ...having('in-isr', 'shrink-pending')]
      leading.isr =
        joining !== undefined
          ? { kind: 'PendingExpand', isr, epoch: 0, joining }
          : leaving.length > 0
            ? { kind: 'PendingShrink', isr, epoch: 0, leaving }
            : { kind: 'Committed', isr, epoch: 0 }
      for (const { id, leo, status } of followers) {
        setFollower(one, id, {
          logEndOffset: leo,
          lastCaughtUpAt: status === 'outside-lagging' || status === 'shrink-pending' ? NEVER : ctx.now,
        })
      }
      maybeAdvanceHighWatermark(broker, replica, ctx)
      return { highWatermark: replica.highWatermark }
    },
  ),
  'isr-lag': adapter((input: Lag) => {
    const lagMax = fromMs(input['replica.lag.time.max.ms'])
    const { broker, replica, ctx } = loneLeader(2, 1)
    ctx.now = fromMs(input.leaderElectedAtMs)
    applyPartition(
      broker,
      { ...broker.metadata.partitions.get('orders/0')!, leaderEpoch: 1, isr: input.followerInIsrAtElection ? [1, 2] : [1] },
      ctx,
    )
    const follower = replica.leading!.followers.get(2)!
    const afterEachFetch = input.fetches.map(({ timeMs, fetchOffset, leaderLeoAtFetch }) => {
      acknowledge(follower, fetchOffset, 1, leaderLeoAtFetch, fromMs(timeMs))
      // Before any moment of a run is 0 on Kafka's clock.
      return {
        timeMs,
        followerLeo: follower.logEndOffset,
        lastCaughtUpTimeMs: follower.lastCaughtUpAt === NEVER ? 0 : follower.lastCaughtUpAt / MS,
      }
    })
    const leaderLeo = input.fetches.at(-1)?.leaderLeoAtFetch ?? input.leaderLeoAtElection
    return {
      afterEachFetch,
      checks: input.checkAtMs.map((timeMs) => ({ timeMs, leaderLeo, inSync: isCaughtUp(follower, leaderLeo, fromMs(timeMs), lagMax) })),
    }
  }),
  'log-divergence': adapter(({ leaderLog, leaderNewEpoch, followerLog }: Divergence) => {
    const cluster = new TestCluster({ brokers: 2, topics: [orders({}, [[1, 2]])] })
    const [b1, b2, c1, c2] = [cluster.broker(1), cluster.broker(2), contextOf('b1'), contextOf('b2')]
    const [led, followed] = [cluster.replica(1), cluster.replica(2)]
    fill(
      led.log,
      leaderLog.map(([, epoch]) => epoch),
    )
    beginEpoch(led.log, leaderNewEpoch)
    fill(
      followed.log,
      followerLog.map(([, epoch]) => epoch),
    )
    for (const replica of [led, followed]) replica.leaderEpoch = leaderNewEpoch
    b2.fetchers.clear()
    follow(b2, followed, 1, c2)
    const fetcher = b2.fetchers.get(1)!
    const steps: object[] = []
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
      steps.push({
        fetchOffset,
        lastFetchedEpoch,
        currentLeaderEpoch,
        divergingEpoch: diverging ?? null,
        followerTruncatesTo: again ? followed.log.endOffset : null,
      })
    }
    return {
      steps,
      followerLogBeforeAppending: followerLog.slice(0, followed.log.endOffset),
      appendsFromOffset: followed.log.endOffset,
      leaderEpochCache: led.log.epochs,
      followerEpochCacheAfterTruncation: followed.log.epochs,
    }
  }),
  'controller-timing/isr-shrink': adapter((input: Shrink) => {
    const cluster = new TestCluster({
      brokers: 2,
      topics: [orders({}, [[1, 2]])],
      overrides: { 'replica.lag.time.max.ms': input['replica.lag.time.max.ms'] },
    })
    const [broker, replica, leading, ctx] = [cluster.broker(1), cluster.replica(1), cluster.leading(1), contextOf('b1')]
    fill(replica.log, [0, 0])
    leading.followers.get(2)!.logEndOffset = 1
    leading.followers.get(2)!.lastCaughtUpAt = fromMs(input.lastCaughtUpAtMs)
    const proposedAt: number[] = []
    for (let phase = 1; phase <= input.isrCheckPeriodMs; phase++) {
      leading.isr = { kind: 'Committed', isr: [1, 2], epoch: 0 }
      ctx.now = fromMs(input.lastCaughtUpAtMs + phase)
      for (; leading.isr.kind === 'Committed'; ctx.now += fromMs(input.isrCheckPeriodMs)) {
        shrinkIsrs(broker, ctx)
        if ((leading.isr as { kind: string }).kind !== 'Committed') proposedAt.push(ctx.now / MS)
      }
    }
    return { earliestShrinkProposedAtMs: Math.min(...proposedAt), latestShrinkProposedAtMs: Math.max(...proposedAt) }
  }),
}
