/** How a high watermark becomes known, on a cluster whose followers' fetches have been parked for a while. */
import { MILLISECOND as MS } from '../../base/units.ts'
import { handleFetchResponse } from '../../kafka/broker/fetcher.ts'
import type { FetchResponse } from '../../kafka/protocol/fetch.ts'
import type { ProduceRequest } from '../../kafka/protocol/produce.ts'
import { fill, someBatch, TestCluster } from '../../kafka/testing.ts'
import { adapter, type Adapters } from './adapter.ts'
import { contextOf } from './lone-broker.ts'

const produce: ProduceRequest = {
  type: 'ProduceRequest',
  clientId: 'probe',
  acks: -1,
  timeoutMs: 30_000,
  partitions: [{ partition: 'orders/0', batch: someBatch() }],
}

/** A probe is connected to b1. Time 0 is the moment the vector begins. */
class Parked {
  readonly cluster: TestCluster
  readonly #hopMs: number
  constructor(hopMs: number, waitMs: number) {
    this.#hopMs = hopMs
    this.cluster = new TestCluster({ hop: hopMs * MS, overrides: { 'replica.fetch.wait.max.ms': waitMs } })
    this.cluster.ask('b1', { type: 'MetadataRequest', clientId: 'probe', topics: [] } as { type: string }).runTo((6 * hopMs) / 1000)
  }
  runTo(ms: number): this {
    this.cluster.runTo((8 * this.#hopMs + ms) / 1000)
    return this
  }
  /** A record is appended at this moment. */
  produceAt(ms: number): void {
    this.runTo(ms - this.#hopMs).cluster.ask('b1', produce)
  }
  /** When the leader answered the first record; undefined = not yet. */
  get answeredAt(): number | undefined {
    const answer = this.cluster.sent.find(({ message, to }) => message.type === 'ProduceResponse' && to === 'probe')
    return answer === undefined ? undefined : answer.at / MS - 8 * this.#hopMs
  }
}

interface Timeline {
  oneWayMs: number
  'replica.fetch.wait.max.ms': number
  appends: { atMs: number }[]
}
interface Steps {
  steps: { step: 'append' | 'responseStored' | 'requestSent' | 'requestHandled' }[]
}
interface Cap {
  leaderHwInResponse: number
  followerLeoAfterAppend: number
  followerHwBefore: number
}
interface Known {
  fromMs: number
  hw: number
}

const note = (list: Known[], fromMs: number, hw: number): void => {
  if (list.at(-1)?.hw !== hw) list.push({ fromMs, hw })
}
const HOP_MS = 5,
  WAIT_MS = 500

export const propagationAdapters: Adapters = {
  'hw-propagation/timeline': adapter(({ oneWayMs, 'replica.fetch.wait.max.ms': waitMs, appends }: Timeline) => {
    const parked = new Parked(oneWayMs, waitMs)
    const { cluster } = parked
    const leaderHw: Known[] = [],
      followerHw: Known[] = []
    const [first = 0, ...later] = appends.map(({ atMs }) => atMs)
    parked.produceAt(first)
    for (let ms = first; ms <= (later.at(-1) ?? first) + waitMs + 10 * oneWayMs; ms++) {
      parked.runTo(ms)
      if (later.includes(ms + oneWayMs)) parked.produceAt(ms + oneWayMs)
      note(leaderHw, ms, cluster.replica(1).highWatermark)
      const [one, other] = [cluster.replica(2), cluster.replica(3)]
      if (one.highWatermark !== other.highWatermark) throw new Error(`the followers differ at ${ms} ms`)
      if (one.log.endOffset > 0) note(followerHw, ms, one.highWatermark)
    }
    return { leaderHw, followerHw, acksAllAnsweredByLeaderAtMs: parked.answeredAt }
  }),
  'hw-propagation/steps': adapter(({ steps }: Steps) => {
    const parked = new Parked(HOP_MS, WAIT_MS)
    parked.produceAt(0)
    const at: number[] = [],
      leaderHw: number[] = [],
      followerHw: number[] = []
    let ms = 0,
      parkedAgain = false
    for (const { step } of steps) {
      // The answer to a fetch that was parked again comes when its wait is over.
      if (step === 'responseStored') ms += HOP_MS + (parkedAgain ? WAIT_MS : 0)
      if (step === 'requestHandled') {
        ms += HOP_MS
        parkedAgain = true
      }
      parked.runTo(ms)
      at.push(ms)
      leaderHw.push(parked.cluster.replica(1).highWatermark)
      followerHw.push(parked.cluster.replica(2).highWatermark)
    }
    return {
      leaderHw,
      followerHw,
      acksAllAnsweredAtStep: at.findIndex((each) => each >= (parked.answeredAt ?? Infinity)),
      readableAtStep: leaderHw.indexOf(1),
    }
  }),
  'hw-propagation/follower-cap': adapter(({ leaderHwInResponse, followerLeoAfterAppend, followerHwBefore }: Cap) => {
    const cluster = new TestCluster()
    cluster.run(0.02)
    const [broker, replica] = [cluster.broker(2), cluster.replica(2)]
    fill(
      replica.log,
      Array.from({ length: followerLeoAfterAppend }, () => 0),
    )
    replica.highWatermark = followerHwBefore
    const response: FetchResponse = {
      type: 'FetchResponse',
      partitions: [
        {
          partition: 'orders/0',
          error: 'NONE',
          highWatermark: leaderHwInResponse,
          logStartOffset: 0,
          batches: [],
          divergingEpoch: undefined,
          currentLeader: undefined,
        },
      ],
    }
    handleFetchResponse(broker, response, broker.fetchers.get(1)!.on!, contextOf('b2'))
    return { followerHw: replica.highWatermark }
  }),
}
